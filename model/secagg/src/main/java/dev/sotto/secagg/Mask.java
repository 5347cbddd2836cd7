package dev.sotto.secagg;

/** Adds or subtracts one mask in a single call; whoever expands many keeps a {@link MaskExpander}. Thread-safe. */
public final class Mask {
    private Mask() {}

    /** Adds a part of the seed's mask; see {@link MaskExpander#add}. */
    public static void add(MaskSeed seed, long firstEntry, int[] target, int from, int count) {
        new MaskExpander().add(seed, firstEntry, target, from, count);
    }

    /** Subtracts a part of the seed's mask; see {@link MaskExpander#subtract}. */
    public static void subtract(MaskSeed seed, long firstEntry, int[] target, int from, int count) {
        new MaskExpander().subtract(seed, firstEntry, target, from, count);
    }
}
