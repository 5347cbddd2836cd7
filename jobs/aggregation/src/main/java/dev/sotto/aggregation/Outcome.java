package dev.sotto.aggregation;

import java.util.List;

/**
 * How a window ended.
 *
 * @param aborted whether the round ends without a sum
 * @param survivors the sites in the sum, sorted
 * @param seedsHash hash of the seeds that were handed on; empty before
 * @param forgetAt event time at which the round's last traces are dropped
 */
public record Outcome(boolean aborted, List<String> survivors, byte[] seedsHash, long forgetAt) {
    private static final byte[] NONE = {};

    static Outcome closed(List<String> survivors, boolean aborted, long forgetAt) {
        return new Outcome(aborted, survivors, NONE, forgetAt);
    }

    Outcome unmasked(byte[] hash) {
        return new Outcome(aborted, survivors, hash, forgetAt);
    }

    Outcome aborted(long at) {
        return new Outcome(true, survivors, seedsHash, at);
    }

    boolean isUnmasked() {
        return seedsHash.length > 0;
    }
}
