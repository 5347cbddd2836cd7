package dev.sotto.federation;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A model store in a local or mounted directory: {@code <root>/<task>/v<version>/}. Files are written under a temporary
 * name, forced to disk and renamed; the manifest last, so that a version with a manifest is whole.
 */
public final class LocalModelStore implements ModelStore {
    private final Path root;

    public LocalModelStore(Path root) {
        this.root = root.toAbsolutePath();
    }

    @Override
    public URI put(Checkpoint checkpoint) throws IOException {
        Path directory = root;
        for (String segment : checkpoint.path()) {
            directory = directory.resolve(segment);
        }
        Path manifest = directory.resolve(Checkpoint.MANIFEST);
        Path signature = directory.resolve(Checkpoint.SIGNATURE);
        boolean there = Files.exists(manifest);
        if (!there) {
            Files.createDirectories(directory);
            write(directory.resolve(Checkpoint.WEIGHTS), checkpoint.weightsFile());
            if (checkpoint.signatureFile().isPresent()) {
                write(signature, checkpoint.signatureFile().get());
            }
            write(manifest, checkpoint.manifestFile());
        }
        // What was just written too: a version is published once it can be read back.
        Checkpoint stored = read(directory.toUri());
        checkpoint.requireSame(stored, directory.toUri());
        if (there && checkpoint.completes(stored)) {
            write(signature, checkpoint.signatureFile().orElseThrow());
        }
        return directory.toUri();
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public Checkpoint get(URI location, byte[] sha256) throws IOException {
        Checkpoint checkpoint = read(location);
        if (!MessageDigest.isEqual(checkpoint.sha256(), sha256)) {
            throw new IOException("the model at %s has sha256 %s but %s was announced"
                    .formatted(
                            location,
                            checkpoint.manifest().sha256(),
                            HexFormat.of().formatHex(sha256)));
        }
        return checkpoint;
    }

    /**
     * Reads a checkpoint that is whole in itself; nobody has vouched for it.
     *
     * @throws IOException if it is missing or damaged
     */
    public Checkpoint read(URI location) throws IOException {
        if (!"file".equals(location.getScheme())) {
            throw new IOException("%s is not a file location; a local store reads file: only".formatted(location));
        }
        Path directory = Path.of(location);
        Path signature = directory.resolve(Checkpoint.SIGNATURE);
        return Checkpoint.read(
                Files.readAllBytes(directory.resolve(Checkpoint.MANIFEST)),
                Files.readAllBytes(directory.resolve(Checkpoint.WEIGHTS)),
                Files.exists(signature) ? Files.readAllBytes(signature) : null);
    }
}
