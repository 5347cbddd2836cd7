package dev.sotto.coordination.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A model version and where it is.
 *
 * @param version 0 is the starting point
 * @param sha256 hash of the weights' file
 * @param location the directory's URI
 * @param unclipped the share of the sites whose update was within the clip norm of the round that made it; null if it was made by none, or the
 *     clip norm stays
 */
public record ModelRef(int version, byte[] sha256, String location, @Nullable Double unclipped) {}
