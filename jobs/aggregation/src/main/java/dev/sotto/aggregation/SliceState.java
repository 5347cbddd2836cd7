package dev.sotto.aggregation;

/**
 * A slice of the newest model this job made.
 *
 * @param version the model's version
 * @param values the parameters
 */
public record SliceState(int version, float[] values) {}
