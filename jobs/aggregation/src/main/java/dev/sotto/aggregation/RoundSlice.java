package dev.sotto.aggregation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an accumulator knows of a round that is under way.
 *
 * @param terms the round's terms
 * @param accepted site to the root of its accepted upload
 * @param added the sites whose chunk is in the sum
 * @param closed whether the window is closed: nobody is accepted any more
 * @param survivors the sites in the sum, sorted; empty until closed
 * @param seeds the seeds' Avro binary; empty until they came
 */
public record RoundSlice(
        RoundTerms terms,
        Map<String, byte[]> accepted,
        Set<String> added,
        boolean closed,
        List<String> survivors,
        byte[] seeds) {
    static RoundSlice opened(RoundTerms terms) {
        return new RoundSlice(terms, Map.of(), Set.of(), false, List.of(), new byte[0]);
    }

    RoundSlice accept(UploadRoot upload) {
        Map<String, byte[]> more = new HashMap<>(accepted);
        more.put(upload.site(), upload.root());
        return new RoundSlice(terms, more, added, closed, survivors, seeds);
    }

    RoundSlice add(String site) {
        Set<String> more = new HashSet<>(added);
        more.add(site);
        return new RoundSlice(terms, accepted, more, closed, survivors, seeds);
    }

    RoundSlice close(List<String> inTheSum) {
        return new RoundSlice(terms, accepted, added, true, new ArrayList<>(inTheSum), seeds);
    }

    RoundSlice unmask(byte[] withSeeds) {
        return new RoundSlice(terms, accepted, added, closed, survivors, withSeeds);
    }

    /** Whether the exact sum can be had: every survivor's chunk is in, and the seeds are here. */
    boolean isComplete() {
        return closed && seeds.length > 0 && added.size() == survivors.size();
    }
}
