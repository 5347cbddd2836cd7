package dev.sotto.secagg;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who was expected in a round and whose upload is in a sum. Immutable.
 *
 * @param round the round
 * @param groups the announced sites, by the groups within which they masked against each other
 * @param survivors those of them that are in a sum, at least one
 */
public record SurvivorSet(RoundId round, RoundGroups groups, SortedSet<SiteId> survivors) {
    /** @throws IllegalArgumentException if there is no survivor, or one was not announced */
    public SurvivorSet {
        survivors = Collections.unmodifiableSortedSet(new TreeSet<>(survivors));
        Require.that(!survivors.isEmpty(), "number of survivors of round " + round, 0, "1 or more");
        for (SiteId survivor : survivors) {
            if (!groups.announced().contains(survivor)) {
                throw new IllegalArgumentException("survivor " + survivor + " of round " + round
                        + " must be one of the announced " + groups.announced());
            }
        }
    }

    /** All announced sites. */
    public SortedSet<SiteId> announced() {
        return groups.announced();
    }

    /** The survivors of a group. */
    public SortedSet<SiteId> survivors(int group) {
        SortedSet<SiteId> alive = new TreeSet<>(survivors);
        alive.retainAll(groups.members(group));
        return alive;
    }

    /** The announced sites that are in no sum. */
    public SortedSet<SiteId> dropouts() {
        SortedSet<SiteId> dropouts = new TreeSet<>(announced());
        dropouts.removeAll(survivors);
        return dropouts;
    }

    /** A hash of round, announced sites and survivors, 32 bytes. */
    byte[] hash() {
        List<byte[]> parts = new ArrayList<>();
        parts.add(LengthPrefixed.text("sotto/survivors/v1"));
        parts.add(LengthPrefixed.text(round));
        parts.add(LengthPrefixed.number(announced().size()));
        announced().forEach(site -> parts.add(LengthPrefixed.text(site)));
        survivors.forEach(site -> parts.add(LengthPrefixed.text(site)));
        return Sha256.of(LengthPrefixed.of(parts.toArray(byte[][]::new)));
    }

    /** Which share of a site is given out: of its self-mask if its upload is in the sum, else of its mask key. */
    ShareKind kind(SiteId site) {
        return survivors.contains(site) ? ShareKind.SELF_MASK : ShareKind.MASK_KEY;
    }
}
