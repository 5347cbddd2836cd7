package dev.sotto.coordination.protocol;

import dev.sotto.secagg.SiteId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The round's part of the bundles comes in, site by site.
 *
 * @param bundles Avro binary of a {@code SiteBundle} with this round alone, by dealer
 */
public record Gathering(SortedMap<SiteId, byte[]> bundles) implements RoundState {
    @Override
    public Decision<RoundState> partDealt(SiteId site, byte[] bundle, Moment moment) {
        SortedMap<SiteId, byte[]> more = new TreeMap<>(bundles);
        more.put(site, bundle);
        return Decision.stay(new Gathering(Collections.unmodifiableSortedMap(more)));
    }

    @Override
    public Decision<RoundState> rosterFixed(RoundCommand.RosterFixed fixed, Moment moment) {
        return Decision.stay(new Provided(new RoundRoster(fixed.round(), fixed.block(), fixed.graph(), bundles)));
    }
}
