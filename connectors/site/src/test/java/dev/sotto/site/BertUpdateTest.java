package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.RoundMetrics;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real model on a few examples. */
class BertUpdateTest {
    @TempDir
    Path directory;

    private static DataConfig data(Path file) {
        return new DataConfig(file, Map.of("sentiment", "label"), Map.of(), 0.2);
    }

    @Test
    void update_ofRealText_isTheSameEachTimeAndLowersTheLoss() throws Exception {
        Parties parties = new Parties();
        SiteId site = new SiteId("bank-a");
        Path file = Files.writeString(directory.resolve("data.csv"), Reviews.csv(40));
        SiteDataset data = SiteDataset.read(List.of(data(file)), parties.task.columns(), parties.task.design(), 1);
        List<SiteEvent> events = new ArrayList<>();
        Checkpoint model = Checkpoint.initial(parties.task, 1);
        RoundId round = new RoundId(parties.task.id(), 1);
        try (BertUpdate update = new BertUpdate(parties.task, site, data, 1, new SecureRandom(), events::add)) {
            LocalUpdate.TrainedUpdate first = update.train(new LocalUpdate.RoundTerms(round, model));
            LocalUpdate.TrainedUpdate again = update.train(new LocalUpdate.RoundTerms(round, model));
            assertThat(again.delta()).isEqualTo(first.delta());
            int heldOut = data.validation().size();
            assertThat(heldOut).isBetween(1, 8);
            assertThat(first.examples()).isEqualTo(32);
            assertThat(first.evaluated()).isEqualTo(heldOut);
            assertThat(first.correct()).isBetween(0, heldOut);
            assertThat(first.metrics())
                    .isEqualTo(new RoundMetrics(32, 32 * first.meanLoss(), heldOut, first.correct()));
            assertThat(first.delta()).hasSize(parties.task.layout().size());

            float[] moved = model.vector();
            for (int i = 0; i < moved.length; i++) {
                moved[i] += first.delta()[i];
            }
            Checkpoint next =
                    Checkpoint.create(parties.task, 1, 1, model.manifest().sha256(), 1, 0.1, 1, moved);
            LocalUpdate.TrainedUpdate second =
                    update.train(new LocalUpdate.RoundTerms(new RoundId(parties.task.id(), 2), next));
            assertThat(second.meanLoss()).isLessThan(first.meanLoss());
        }
        assertThat(events).filteredOn(SiteEvent.Training.class::isInstance).hasSize(3 * 32 / 8);
        assertThat(events)
                .filteredOn(SiteEvent.Training.class::isInstance)
                .map(SiteEvent.Training.class::cast)
                .allSatisfy(event -> assertThat(event.stepLoss()).isPositive())
                .first()
                .extracting(SiteEvent.Training::learningRate)
                .isEqualTo(0.002 / 2);
        assertThat(events)
                .filteredOn(SiteEvent.Evaluated.class::isInstance)
                .map(SiteEvent.Evaluated.class::cast)
                .hasSize(3)
                .allSatisfy(event -> {
                    assertThat(event.loss()).isBetween(0.5, 2.0);
                    assertThat(event.accuracy()).isBetween(0.0, 1.0);
                });
    }

    @Test
    void update_ofATaskThatStopsEarly_looksAtTheRowsHeldOut() throws Exception {
        TaskDefinition task = Parties.task("batch: 8", "batch: 8, earlyStop: 1", "Rate: 0.002", "Rate: 0.2");
        Path file = Files.writeString(directory.resolve("data.csv"), Reviews.csv(40));
        SiteDataset data = SiteDataset.read(List.of(data(file)), task.columns(), task.design(), 1);
        RoundId round = new RoundId(task.id(), 1);
        try (BertUpdate update =
                new BertUpdate(task, new SiteId("bank-a"), data, 1, new SecureRandom(), Progress.NONE)) {
            // Steps a hundred times too long: the pass ends before all 32 examples were seen.
            LocalUpdate.TrainedUpdate stopped =
                    update.train(new LocalUpdate.RoundTerms(round, Checkpoint.initial(task, 1)));
            assertThat(stopped.examples()).isPositive().isLessThan(32);
            assertThat(stopped.metrics().examples()).isEqualTo(stopped.examples());
        }
    }

    @Test
    void update_ofATaskThatProtectsRecords_isFreshNoiseAndTellsNothingElse() throws Exception {
        TaskDefinition task = Parties.task(
                "mode: central, noiseMultiplier: 0.01",
                "record: {samplingRate: 0.2, clipNorm: 1.0}, mode: record, noiseMultiplier: 1.1",
                "priorCorrection: true",
                "priorCorrection: false");
        Path file = Files.writeString(directory.resolve("data.csv"), Reviews.csv(40));
        SiteDataset data = SiteDataset.read(List.of(data(file)), task.columns(), task.design(), 1);
        Checkpoint model = Checkpoint.initial(task, 1);
        RoundId round = new RoundId(task.id(), 1);
        List<SiteEvent> events = new ArrayList<>();
        try (BertUpdate update = new BertUpdate(task, new SiteId("bank-a"), data, 1, new SecureRandom(), events::add)) {
            LocalUpdate.TrainedUpdate first = update.train(new LocalUpdate.RoundTerms(round, model));
            LocalUpdate.TrainedUpdate again = update.train(new LocalUpdate.RoundTerms(round, model));
            assertThat(first.metrics().examples()).isEqualTo(32);
            assertThat(first.meanLoss()).isNaN();
            assertThat(first.evaluated()).isZero();
            assertThat(first.correct()).isZero();
            assertThat(first.delta()).hasSize(task.layout().size()).isNotEqualTo(again.delta());
        }
        assertThat(events).filteredOn(SiteEvent.Training.class::isInstance).hasSize(2 * 32 / 8);
        assertThat(events)
                .filteredOn(SiteEvent.Training.class::isInstance)
                .extracting(SiteEvent::line)
                .startsWith("round 1 training 8/32")
                .noneMatch(line -> line.contains("loss"));
    }
}
