package dev.sotto.secagg;

/**
 * A mask and what to do with it: added to the vector it is meant for, or subtracted from it.
 *
 * @param seed the mask
 * @param subtract true if the mask is subtracted
 */
public record SignedSeed(MaskSeed seed, boolean subtract) {
    /** Adds or subtracts a part of the mask; see {@link MaskExpander#add}. */
    public void apply(MaskExpander expander, long firstEntry, int[] target, int from, int count) {
        if (subtract) {
            expander.subtract(seed, firstEntry, target, from, count);
        } else {
            expander.add(seed, firstEntry, target, from, count);
        }
    }
}
