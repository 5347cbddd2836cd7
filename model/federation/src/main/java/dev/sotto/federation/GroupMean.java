package dev.sotto.federation;

/**
 * What one group's noised sum says about a slice of the model.
 *
 * @param weight the sum of its sites' weights, above 0
 * @param metrics its sites' summed metrics, with the part of their tally that lies in the slice
 * @param mean the weighted mean update of the slice's parameters
 * @param unclipped the share of its sites whose update was within an adaptive clip, 0 to 1; not a number where the clip norm
 *     stays or another slice tells
 * @param plausible whether honest sites can have summed to it; a slice longer than all their bounds together has a liar
 */
public record GroupMean(double weight, RoundMetrics metrics, float[] mean, double unclipped, boolean plausible) {}
