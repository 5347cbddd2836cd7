package dev.sotto.scoring;

/**
 * One message that counts, without a trace of whose it is.
 *
 * @param windowStart the window's start, in milliseconds of the epoch
 * @param cell the count it adds one to
 */
public record Contribution(long windowStart, int cell) {}
