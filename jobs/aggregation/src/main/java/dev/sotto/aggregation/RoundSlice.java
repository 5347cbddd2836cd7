package dev.sotto.aggregation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an accumulator knows of a round that is under way.
 *
 * @param added the sites whose chunk is in the sums, in the order of arrival
 * @param terms the round's terms; null until the window is closed
 * @param survivors the sites that the sums must have, sorted; empty until closed
 * @param patience event time until which their chunks are awaited; 0 until closed
 * @param reported whether the closer was told
 * @param failed whether it was told that a chunk is missing: then nothing is ever released
 * @param seeds the seeds' Avro binary; empty until they came
 */
public record RoundSlice(
        List<String> added,
        @Nullable RoundTerms terms,
        List<String> survivors,
        long patience,
        boolean reported,
        boolean failed,
        byte[] seeds) {
    static RoundSlice begun() {
        return new RoundSlice(List.of(), null, List.of(), 0, false, false, new byte[0]);
    }

    RoundSlice add(List<String> sites) {
        List<String> more = new ArrayList<>(added);
        more.addAll(sites);
        return new RoundSlice(more, terms, survivors, patience, reported, failed, seeds);
    }

    RoundSlice close(SliceOrder order) {
        return new RoundSlice(added, order.terms(), order.survivors(), order.patience(), false, false, seeds);
    }

    RoundSlice report(boolean incomplete) {
        return new RoundSlice(added, terms, survivors, patience, true, incomplete, seeds);
    }

    RoundSlice unmask(byte[] withSeeds) {
        return new RoundSlice(added, terms, survivors, patience, reported, failed, withSeeds);
    }

    boolean isClosed() {
        return terms != null;
    }

    /** Whether every survivor's chunk is in. */
    boolean isWhole() {
        return isClosed() && added.size() == survivors.size();
    }

    /** Survivors whose chunk is not in, sorted. */
    List<String> missing() {
        List<String> missing = new ArrayList<>(survivors);
        missing.removeAll(added);
        return missing;
    }

    /** Whether the exact sums can be had: every survivor's chunk is in, and the seeds are here. */
    boolean isReady() {
        return isWhole() && !failed && seeds.length > 0;
    }
}
