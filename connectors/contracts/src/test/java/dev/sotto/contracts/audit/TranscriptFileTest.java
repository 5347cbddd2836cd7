package dev.sotto.contracts.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.secagg.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TranscriptFileTest {
    @TempDir
    Path directory;

    private final History history = new History(AuditTasks.task(), 8);

    private Path write(String name) throws IOException {
        Path file = directory.resolve(name);
        try (TranscriptFile.Output out = TranscriptFile.create(file, history.task.id())) {
            for (TranscriptEntry entry : history.rounds) {
                out.write(entry);
            }
            for (TranscriptEntry entry : history.ledger) {
                out.write(entry);
            }
            out.write(new TranscriptEntry("fl.rounds", 99, null, null));
            assertThat(out.finish()).isEqualTo(history.rounds.size() + history.ledger.size() + 1);
        }
        return file;
    }

    private List<TranscriptEntry> read(Path file) throws IOException {
        List<TranscriptEntry> entries = new ArrayList<>();
        TranscriptFile.read(file, history.task.id(), entries::add);
        return entries;
    }

    @ParameterizedTest
    @ValueSource(strings = {"transcript.jsonl", "transcript.jsonl.gz"})
    void file_writtenAndRead_holdsTheRecordsAsTheyWere(String name) throws Exception {
        history.block(false);
        history.round();
        Path file = write(name);
        List<TranscriptEntry> read = read(file);
        assertThat(read.stream().map(TranscriptFileTest::text).toList())
                .isEqualTo(all().stream().map(TranscriptFileTest::text).toList());
        assertThat(history.audit(read.subList(0, history.rounds.size())).verified())
                .isTrue();
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    private static String text(TranscriptEntry entry) {
        return "%s %d %s %s"
                .formatted(entry.topic(), entry.offset(), Arrays.toString(entry.key()), Arrays.toString(entry.value()));
    }

    private List<TranscriptEntry> all() {
        List<TranscriptEntry> all = new ArrayList<>(history.rounds);
        all.addAll(history.ledger);
        all.add(new TranscriptEntry("fl.rounds", 99, null, null));
        return all;
    }

    @Test
    void file_thatWasCut_isRefused() throws Exception {
        history.block(false);
        Path file = write("cut.jsonl");
        List<String> lines = Files.readAllLines(file);
        Files.write(file, lines.subList(0, lines.size() - 1));
        assertThatThrownBy(() -> read(file)).hasMessageContaining("it was cut");
        List<String> without = new ArrayList<>(lines);
        without.remove(3);
        Files.write(file, without);
        assertThatThrownBy(() -> read(file)).hasMessageContaining("counts 11 records, not 10");
    }

    @Test
    void file_ofAnotherTaskOrFormat_isRefused() throws Exception {
        history.block(false);
        Path file = write("other.jsonl");
        assertThatThrownBy(() -> TranscriptFile.read(file, new TaskId("risk"), entry -> {}))
                .hasMessageContaining("names task 'sentiment', not 'risk'");
        Files.writeString(file, "{\"a\": 1}\n");
        assertThatThrownBy(() -> read(file)).hasMessageContaining("is not of a file in format");
        Files.writeString(file, "no json\n");
        assertThatThrownBy(() -> read(file)).hasMessageContaining("line 1, is not JSON");
    }

    @Test
    void file_notFinished_leavesNothingBehind() throws Exception {
        history.block(false);
        Path file = directory.resolve("unfinished.jsonl");
        try (TranscriptFile.Output out = TranscriptFile.create(file, history.task.id())) {
            out.write(history.rounds.get(0));
        }
        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }
}
