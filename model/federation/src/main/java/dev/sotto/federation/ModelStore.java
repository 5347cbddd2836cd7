package dev.sotto.federation;

import java.io.IOException;
import java.net.URI;

/** Where model versions lie. An existing version is never overwritten with other bytes. */
public interface ModelStore {
    /**
     * Stores a checkpoint durably and returns where; storing the same bytes again is harmless.
     *
     * @throws java.nio.file.FileAlreadyExistsException if the version exists as another model
     * @throws IOException if it cannot be written
     */
    URI put(Checkpoint checkpoint) throws IOException;

    /**
     * Reads a checkpoint and checks its weights against the hash that was announced.
     *
     * @throws IOException if it is missing, damaged, or not the announced one
     */
    Checkpoint get(URI location, byte[] sha256) throws IOException;
}
