package dev.sotto.aggregation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Chunks that wait for their upload to be accepted, by round and site. {@link CombinerRounds} bounds them. Not thread-safe. */
final class WaitingChunks {
    private final Map<Integer, Map<String, List<CheckedChunk>>> chunks = new TreeMap<>();
    private int count;
    private long bytes;
    private long newest = Long.MIN_VALUE;

    void add(CheckedChunk chunk) {
        chunks.computeIfAbsent(chunk.round(), round -> new TreeMap<>())
                .computeIfAbsent(chunk.site(), site -> new ArrayList<>())
                .add(chunk);
        count++;
        bytes += chunk.source().value().length;
        newest = Math.max(newest, chunk.source().timestamp());
    }

    /** Takes out those of a site, in the order in which they came. */
    List<CheckedChunk> take(int round, String site) {
        Map<String, List<CheckedChunk>> ofRound = chunks.get(round);
        List<CheckedChunk> taken = ofRound == null ? null : ofRound.remove(site);
        if (ofRound != null && ofRound.isEmpty()) {
            chunks.remove(round);
        }
        return counted(taken == null ? List.of() : taken);
    }

    /** Takes out those of a round, by site. */
    List<CheckedChunk> take(int round) {
        Map<String, List<CheckedChunk>> ofRound = chunks.remove(round);
        return counted(
                ofRound == null
                        ? List.of()
                        : ofRound.values().stream().flatMap(Collection::stream).toList());
    }

    /** Takes out those that match, by round and site. */
    List<CheckedChunk> takeIf(Predicate<CheckedChunk> which) {
        List<CheckedChunk> taken = all().stream().filter(which).toList();
        for (Iterator<Map<String, List<CheckedChunk>>> rounds = chunks.values().iterator(); rounds.hasNext(); ) {
            Map<String, List<CheckedChunk>> ofRound = rounds.next();
            ofRound.values().forEach(ofSite -> ofSite.removeIf(which));
            ofRound.values().removeIf(List::isEmpty);
            if (ofRound.isEmpty()) {
                rounds.remove();
            }
        }
        return counted(taken);
    }

    private List<CheckedChunk> counted(List<CheckedChunk> taken) {
        count -= taken.size();
        for (CheckedChunk chunk : taken) {
            bytes -= chunk.source().value().length;
        }
        newest = count == 0 ? Long.MIN_VALUE : newest;
        return taken;
    }

    /** All of them, which stay. */
    List<CheckedChunk> all() {
        return chunks.values().stream()
                .flatMap(ofRound -> ofRound.values().stream())
                .flatMap(Collection::stream)
                .toList();
    }

    int size() {
        return count;
    }

    /** What they take. */
    long bytes() {
        return bytes;
    }

    /** An append time that none of them is newer than. */
    long newest() {
        return newest;
    }
}
