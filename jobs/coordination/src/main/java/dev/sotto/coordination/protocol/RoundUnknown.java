package dev.sotto.coordination.protocol;

import dev.sotto.secagg.SiteId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** A number that nobody has dealt for yet. */
public record RoundUnknown() implements RoundState {
    @Override
    public Decision<RoundState> partDealt(SiteId site, byte[] bundle, Moment moment) {
        SortedMap<SiteId, byte[]> first = new TreeMap<>();
        first.put(site, bundle);
        return Decision.stay(new Gathering(Collections.unmodifiableSortedMap(first)));
    }
}
