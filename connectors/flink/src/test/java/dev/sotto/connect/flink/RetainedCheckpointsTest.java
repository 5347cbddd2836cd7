package dev.sotto.connect.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetainedCheckpointsTest {
    @TempDir
    Path directory;

    private Path checkpoint(String job, String name, long millis) throws IOException {
        Path checkpoint = Files.createDirectories(directory.resolve(job).resolve(name));
        Path metadata = Files.createFile(checkpoint.resolve("_metadata"));
        Files.setLastModifiedTime(metadata, FileTime.fromMillis(millis));
        return checkpoint;
    }

    @Test
    void newest_overSeveralRuns_isTheOneWrittenLast() throws IOException {
        checkpoint("aaaa", "chk-90", 1_000);
        Path newest = checkpoint("bbbb", "chk-9", 3_000);
        checkpoint("cccc", "chk-10", 2_000);
        assertThat(RetainedCheckpoints.newest(directory)).contains(newest);
    }

    @Test
    void newest_incompleteOrOther_isPassedOver() throws IOException {
        Files.createDirectories(directory.resolve("aaaa/chk-3"));
        checkpoint("aaaa", "savepoint-1", 1_000);
        assertThat(RetainedCheckpoints.newest(directory)).isEmpty();
        assertThat(RetainedCheckpoints.newest(directory.resolve("missing"))).isEmpty();
    }
}
