package dev.sotto.connect.flink;

import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ModelStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * A model store on any of Flink's file systems: {@code <root>/<task>/v<version>/}, the layout of a local store. Files are
 * written under a temporary name, synced and renamed; the manifest last, so that a version with a manifest is whole. On an
 * object store a rename is a copy, and the manifest's place at the end is what counts. Thread-safe; concurrent writers of
 * one version write the same bytes.
 */
public final class FlinkModelStore implements ModelStore {
    private final String root;

    /**
     * Opens a store.
     *
     * @param root a URI such as {@code file:///var/models} or {@code s3://bucket/models}
     */
    public FlinkModelStore(URI root) {
        if (root.getScheme() == null) {
            throw new IllegalArgumentException("the model store '%s' has no scheme; write file:///...".formatted(root));
        }
        String text = root.toString();
        this.root = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /**
     * {@inheritDoc}
     *
     * @throws FileAlreadyExistsException if the version exists with other weights
     */
    @Override
    public URI put(Checkpoint checkpoint) throws IOException {
        URI location = URI.create(root + "/" + String.join("/", checkpoint.path()) + "/");
        Path directory = new Path(location);
        Path manifest = new Path(directory, Checkpoint.MANIFEST);
        FileSystem files = directory.getFileSystem();
        if (files.exists(manifest)) {
            requireSame(location, checkpoint);
            return location;
        }
        files.mkdirs(directory);
        write(files, new Path(directory, Checkpoint.WEIGHTS), checkpoint.weightsFile());
        write(files, manifest, checkpoint.manifestFile());
        return location;
    }

    private static void requireSame(URI location, Checkpoint checkpoint) throws IOException {
        String there = read(location).manifest().sha256();
        String sha256 = checkpoint.manifest().sha256();
        if (!there.equals(sha256)) {
            throw new FileAlreadyExistsException(
                    location.toString(),
                    null,
                    "this version exists with sha256 %s, and %s was to be stored; a version is never overwritten"
                            .formatted(there, sha256));
        }
    }

    private static void write(FileSystem files, Path file, byte[] bytes) throws IOException {
        Path temporary = file.suffix(".tmp");
        try (FSDataOutputStream out = files.create(temporary, FileSystem.WriteMode.OVERWRITE)) {
            out.write(bytes);
            out.flush();
            out.sync();
        }
        // Left behind by a writer that died between the two files.
        if (files.exists(file)) {
            files.delete(file, false);
        }
        if (!files.rename(temporary, file)) {
            throw new IOException("cannot rename %s to %s".formatted(temporary, file));
        }
    }

    @Override
    public Checkpoint get(URI location, byte[] sha256) throws IOException {
        Checkpoint checkpoint = read(location);
        if (!MessageDigest.isEqual(checkpoint.sha256(), sha256)) {
            throw new IOException("the model at %s has sha256 %s but %s was announced; clear the location or fix the"
                            .formatted(
                                    location,
                                    checkpoint.manifest().sha256(),
                                    HexFormat.of().formatHex(sha256))
                    + " announcement");
        }
        return checkpoint;
    }

    private static Checkpoint read(URI location) throws IOException {
        Path directory = new Path(location);
        FileSystem files = directory.getFileSystem();
        return Checkpoint.read(
                read(files, new Path(directory, Checkpoint.MANIFEST)),
                read(files, new Path(directory, Checkpoint.WEIGHTS)));
    }

    private static byte[] read(FileSystem files, Path file) throws IOException {
        try (InputStream in = files.open(file)) {
            return in.readAllBytes();
        }
    }
}
