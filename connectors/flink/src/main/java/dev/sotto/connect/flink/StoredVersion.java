package dev.sotto.connect.flink;

import java.net.URI;
import java.time.Instant;

/**
 * A published version as it lies in a store; nothing of it was checked.
 *
 * @param version the version that its directory is named by
 * @param location its directory
 * @param stored when its manifest was written, as the file system says: no evidence, since nobody signs it
 * @param bytes the size of the weights' file; 0 if it is missing
 */
public record StoredVersion(int version, URI location, Instant stored, long bytes) {}
