package dev.sotto.coordination.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointDirectoryTest {
    @TempDir
    Path root;

    @Test
    void newest_ofNothing_isEmpty() throws IOException {
        assertThat(new CheckpointDirectory(root.resolve("missing")).newest()).isEmpty();
        assertThat(new CheckpointDirectory(root).newest()).isEmpty();
    }

    @Test
    void newest_ofSeveralRuns_isTheLastWholeOne() throws IOException {
        checkpoint("job-a/chk-9", 1000, true);
        Path newest = checkpoint("job-b/chk-2", 2000, true);
        checkpoint("job-b/chk-3", 3000, false);
        Files.writeString(Files.createDirectories(root.resolve("job-b/shared")).resolve("_metadata"), "");
        assertThat(new CheckpointDirectory(root).newest()).contains(newest);
    }

    private Path checkpoint(String name, long at, boolean whole) throws IOException {
        Path directory = Files.createDirectories(root.resolve(name));
        Path file = Files.writeString(directory.resolve(whole ? "_metadata" : "part"), "");
        Files.setLastModifiedTime(file, FileTime.fromMillis(at));
        return directory;
    }
}
