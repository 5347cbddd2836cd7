package dev.sotto.site;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A directory of its owner's alone, locked by one process. A file is written under a temporary name, forced to disk,
 * renamed, and the directory forced; SHA-256 of the content stands at its end, so that damage is told from content.
 */
final class DirectoryStorage implements JournalStorage {
    private static final int HASH = 32;
    private static final String TEMPORARY = ".tmp";
    private static final String LOCK = "lock";
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Path directory;
    private final FileChannel lockChannel;

    private DirectoryStorage(Path directory, FileChannel lockChannel) {
        this.directory = directory;
        this.lockChannel = lockChannel;
    }

    /**
     * Opens a directory, creating it if need be; what a crash left half-written is removed.
     *
     * @throws JournalException if another process has it open, or it cannot be written
     */
    static DirectoryStorage open(Path directory) {
        try {
            create(directory);
            FileChannel channel = FileChannel.open(
                    directory.resolve(LOCK), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), ownerOnly());
            if (!locked(channel)) {
                channel.close();
                throw new JournalException(
                        "state directory %s is in use by another process; a site runs once".formatted(directory));
            }
            DirectoryStorage storage = new DirectoryStorage(directory, channel);
            storage.removeTemporary();
            return storage;
        } catch (IOException e) {
            throw new JournalException("state directory %s cannot be used: %s".formatted(directory, e), e);
        }
    }

    /** Creates the directory, its owner's alone. */
    static void create(Path directory) throws IOException {
        Files.createDirectories(directory);
        if (POSIX) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** How every file here is created. */
    static FileAttribute<?>[] ownerOnly() {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private void removeTemporary() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(TEMPORARY)).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public Optional<byte[]> read(String name) {
        byte[] stored;
        try {
            stored = Files.readAllBytes(directory.resolve(name));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new JournalException("cannot read %s in %s: %s".formatted(name, directory, e), e);
        }
        int length = stored.length - HASH;
        if (length < 0
                || !MessageDigest.isEqual(hash(stored, length), Arrays.copyOfRange(stored, length, stored.length))) {
            throw new JournalException(
                    "%s in %s is damaged; restore the directory, or sit the block out with an empty one"
                            .formatted(name, directory));
        }
        byte[] content = Arrays.copyOf(stored, length);
        Arrays.fill(stored, (byte) 0);
        return Optional.of(content);
    }

    @Override
    public void write(String name, byte[] bytes) {
        Path temporary = directory.resolve(name + TEMPORARY);
        try {
            Files.deleteIfExists(temporary);
            try (FileChannel channel = FileChannel.open(
                    temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly())) {
                writeFully(channel, bytes);
                writeFully(channel, hash(bytes, bytes.length));
                channel.force(true);
            }
            rename(temporary, directory.resolve(name));
            forceDirectory();
        } catch (IOException e) {
            throw new JournalException("cannot write %s in %s: %s".formatted(name, directory, e), e);
        }
    }

    private static void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("the file system cannot rename atomically; use a local one", e);
        }
    }

    private static void writeFully(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private void forceDirectory() throws IOException {
        if (POSIX) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public void delete(String name) {
        try {
            if (Files.deleteIfExists(directory.resolve(name))) {
                forceDirectory();
            }
        } catch (IOException e) {
            throw new JournalException("cannot delete %s in %s: %s".formatted(name, directory, e), e);
        }
    }

    @Override
    public List<String> names(String prefix) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith(prefix) && !name.endsWith(TEMPORARY))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new JournalException("cannot list %s: %s".formatted(directory, e), e);
        }
    }

    private static byte[] hash(byte[] bytes, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, 0, length);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Gives up the lock. */
    @Override
    public void close() {
        try {
            lockChannel.close();
        } catch (IOException e) {
            throw new JournalException("cannot release the lock of %s: %s".formatted(directory, e), e);
        }
    }
}
