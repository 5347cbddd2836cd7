package dev.sotto.secagg;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who was expected in a round and whose upload is in the sum. Immutable.
 *
 * @param round the round
 * @param announced the sites that masked against each other
 * @param survivors those of them that are in the sum, at least one
 */
public record SurvivorSet(RoundId round, SortedSet<SiteId> announced, SortedSet<SiteId> survivors) {
    /** @throws IllegalArgumentException if there is no survivor, or one was not announced */
    public SurvivorSet {
        announced = Collections.unmodifiableSortedSet(new TreeSet<>(announced));
        survivors = Collections.unmodifiableSortedSet(new TreeSet<>(survivors));
        Require.that(!survivors.isEmpty(), "number of survivors of round " + round, 0, "1 or more");
        Require.that(announced.containsAll(survivors), "survivors of round " + round, survivors, "among " + announced);
    }

    /** The announced sites that are not in the sum. */
    public SortedSet<SiteId> dropouts() {
        SortedSet<SiteId> dropouts = new TreeSet<>(announced);
        dropouts.removeAll(survivors);
        return dropouts;
    }

    /** Which share of a site is given out: of its self-mask if its upload is in the sum, else of its mask key. */
    ShareKind kind(SiteId site) {
        return survivors.contains(site) ? ShareKind.SELF_MASK : ShareKind.MASK_KEY;
    }
}
