package dev.sotto.connect.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The checkpoints that earlier runs left in a local directory. A job in a process of its own has no cluster that remembers
 * where it stood, so whoever starts it again looks here. Stateless.
 */
public final class RetainedCheckpoints {
    private static final String METADATA = "_metadata";
    private static final int DEPTH = 3;

    private RetainedCheckpoints() {}

    /**
     * The newest complete checkpoint below {@code directory/<job>/chk-<n>/}, if there is one.
     *
     * @throws IOException if the directory cannot be read
     */
    public static Optional<Path> newest(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.find(directory, DEPTH, (file, attributes) -> isMetadata(file))) {
            // The metadata is renamed into place when a checkpoint is complete.
            return files.max(Comparator.comparing(RetainedCheckpoints::writtenAt))
                    .map(Path::getParent);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean isMetadata(Path file) {
        Path checkpoint = file.getParent();
        return file.endsWith(METADATA)
                && checkpoint != null
                && checkpoint.getFileName().toString().startsWith("chk-");
    }

    private static FileTime writtenAt(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
