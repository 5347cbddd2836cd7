package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardProgressTest {
    @TempDir
    Path directory;

    private final List<SiteEvent> told = new ArrayList<>();
    private long nanos;

    private TensorBoardProgress open() throws IOException {
        return new TensorBoardProgress(TensorBoardFile.create(directory, Clock.systemUTC()), told::add, () -> nanos);
    }

    private List<EventFileReader.Event> curve(String tag) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<EventFileReader.Event> curve = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                EventFileReader.read(file).stream()
                        .filter(event -> event.tag().equals(tag))
                        .forEach(curve::add);
            }
            return curve;
        }
    }

    private List<Long> steps(String tag) throws IOException {
        return curve(tag).stream().map(EventFileReader.Event::step).toList();
    }

    private List<Float> values(String tag) throws IOException {
        return curve(tag).stream().map(EventFileReader.Event::value).toList();
    }

    /** A batch of 8 every half second. */
    private void train(Progress progress, int round, int total) {
        for (int done = 8; done <= total; done += 8) {
            nanos += 500_000_000;
            progress.on(new SiteEvent.Training(round, done, total, 0.5, 1.0 / done, 1e-3 * done / total));
        }
    }

    @Test
    void rounds_areDrawnWithTheirNumbersAsSteps() throws IOException {
        try (TensorBoardProgress progress = open()) {
            for (int round = 1; round <= 2; round++) {
                progress.on(new SiteEvent.Evaluated(round, round - 1, 60, 0.9 / round, 0.3 * round, 0.2 * round));
                train(progress, round, 32);
                progress.on(new SiteEvent.Trained(round, 32, 0.7));
                progress.on(new SiteEvent.Uploaded(round, 4, 1234));
                progress.on(new SiteEvent.Result(round, round, 4, 0, 1.5 * round));
                // Flushed: who reads meanwhile sees the round.
                assertThat(steps("round/epsilon")).hasSize(round);
            }
        }
        assertThat(steps("round/held_out_loss")).containsExactly(1L, 2L);
        assertThat(values("round/held_out_loss")).containsExactly(0.9f, 0.45f);
        assertThat(values("round/held_out_accuracy")).containsExactly(0.3f, 0.6f);
        assertThat(values("round/held_out_macro_f1")).containsExactly(0.2f, 0.4f);
        assertThat(values("round/training_loss")).containsExactly(0.7f, 0.7f);
        assertThat(values("round/epsilon")).containsExactly(1.5f, 3f);
        assertThat(steps("training/loss")).containsExactly(250L, 500L, 750L, 1000L, 1250L, 1500L, 1750L, 2000L);
        assertThat(values("training/loss").subList(0, 4)).containsExactly(1 / 8f, 1 / 16f, 1 / 24f, 1 / 32f);
        assertThat(values("training/learning_rate").get(3)).isCloseTo(1e-3f, within(1e-9f));
        // Of a round's first batch nobody knows when it began.
        assertThat(steps("training/examples_per_second")).containsExactly(500L, 750L, 1000L, 1500L, 1750L, 2000L);
        assertThat(values("training/examples_per_second")).containsOnly(16f);
        assertThat(told).hasSize(2 * 8);
    }

    @Test
    void training_ofManyBatches_isThinnedToItsEnd() throws IOException {
        try (TensorBoardProgress progress = open()) {
            train(progress, 3, 8 * 1000);
        }
        assertThat(steps("training/loss")).hasSize(51).startsWith(2001L, 2020L).endsWith(3000L);
        assertThat(values("training/examples_per_second")).containsOnly(16f);
    }

    @Test
    void training_thatIsPrivate_hasARateAndNoLoss() throws IOException {
        try (TensorBoardProgress progress = open()) {
            progress.on(new SiteEvent.Training(1, 8, 32, Double.NaN, Double.NaN, 0.002));
            progress.on(new SiteEvent.Trained(1, 32, Double.NaN));
        }
        assertThat(curve("training/loss")).isEmpty();
        assertThat(curve("round/training_loss")).isEmpty();
        assertThat(values("training/learning_rate")).containsExactly(0.002f);
    }

    @Test
    void disk_thatIsFull_isToldOnceAndNothingElseChanges() throws IOException {
        try (TensorBoardProgress progress = new TensorBoardProgress(
                TensorBoardFile.to(Path.of("/dev/full"), Clock.systemUTC(), false), told::add, () -> nanos)) {
            for (int round = 1; round <= 3; round++) {
                train(progress, round, 32);
                progress.on(new SiteEvent.Trained(round, 32, 0.7));
            }
        }
        assertThat(told).hasSize(3 * 5 + 1);
        assertThat(told)
                .filteredOn(SiteEvent.Undrawn.class::isInstance)
                .singleElement()
                .extracting(SiteEvent::line)
                .asString()
                .startsWith("tensorboard stopped, training goes on: ")
                .containsIgnoringCase("no space");
        assertThat(told.get(5)).isInstanceOf(SiteEvent.Undrawn.class);
    }

    @Test
    void disk_thatIsFullAtTheEndAlone_isToldWhenItIsClosed() throws IOException {
        TensorBoardFile file = TensorBoardFile.to(Path.of("/dev/full"), Clock.systemUTC(), false);
        new TensorBoardProgress(file, told::add, () -> nanos).close();
        assertThat(told).singleElement().isInstanceOf(SiteEvent.Undrawn.class);
    }

    @Test
    void directory_thatCannotBeMade_isRefused() throws IOException {
        Path inTheWay = Files.writeString(directory.resolve("file"), "in the way");
        for (Path wrong : List.of(inTheWay, inTheWay.resolve("curves"))) {
            assertThatThrownBy(() -> TensorBoardProgress.open(wrong, Progress.NONE))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("--tensorboard is " + wrong + " but must be a directory");
        }
    }
}
