package dev.sotto.coordination.runtime;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the runtime keeps its checkpoints: {@code <job>/chk-<n>/}, whole once {@code _metadata} is there. */
final class CheckpointDirectory {
    private static final String METADATA = "_metadata";

    private final Path root;

    CheckpointDirectory(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    /** The newest whole checkpoint. */
    Optional<Path> newest() throws IOException {
        if (!Files.isDirectory(root)) {
            return Optional.empty();
        }
        Newest newest = new Newest();
        Files.walkFileTree(root, newest);
        return Optional.ofNullable(newest.checkpoint);
    }

    /** The runtime removes old checkpoints while this looks. */
    private static final class Newest extends SimpleFileVisitor<Path> {
        private @Nullable Path checkpoint;
        private FileTime time = FileTime.fromMillis(Long.MIN_VALUE);

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            Path parent = file.getParent();
            if (parent != null
                    && file.getFileName().toString().equals(METADATA)
                    && parent.getFileName().toString().startsWith("chk-")
                    && attributes.lastModifiedTime().compareTo(time) >= 0) {
                checkpoint = parent;
                time = attributes.lastModifiedTime();
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            if (failure == null || failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }
    }
}
