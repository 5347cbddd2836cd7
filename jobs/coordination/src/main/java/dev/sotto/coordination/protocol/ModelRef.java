package dev.sotto.coordination.protocol;

/**
 * A model version and where it is.
 *
 * @param version 0 is the starting point
 * @param sha256 hash of the weights' file
 * @param location the directory's URI
 */
public record ModelRef(int version, byte[] sha256, String location) {}
