package dev.sotto.secagg;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The announced sites of a round, parted into groups whose sums are revealed one by one. Pairwise masks exist only within
 * a group, so a group's sum can be unmasked without the others'. Groups are numbered from zero. Immutable.
 *
 * <p>More than one group needs the block's complete graph: a random part of a sparse graph need not hang together.
 */
public final class RoundGroups {
    private static final byte[] LABEL = LengthPrefixed.text("sotto/groups/v1");

    private final SortedSet<SiteId> announced;
    private final List<SortedSet<SiteId>> groups;

    private RoundGroups(Set<SiteId> announced, List<SortedSet<SiteId>> groups) {
        this.announced = Collections.unmodifiableSortedSet(new TreeSet<>(announced));
        this.groups = List.copyOf(groups);
    }

    /**
     * All announced sites as one group.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static RoundGroups single(Set<SiteId> announced) {
        Require.that(!announced.isEmpty(), "number of announced sites", 0, "1 or more");
        return new RoundGroups(announced, List.of(Collections.unmodifiableSortedSet(new TreeSet<>(announced))));
    }

    /**
     * Parts the announced sites at random into groups whose sizes differ by at most one. Everybody who knows the seal draws
     * the same groups, and other ones in every round.
     *
     * @param sealHash 32 bytes; nobody could choose it, since every bundle is in it
     * @param count 1 to half the number of announced sites
     * @throws IllegalArgumentException if the hash has another length or the count is out of range
     */
    public static RoundGroups draw(byte[] sealHash, RoundId round, Set<SiteId> announced, int count) {
        Require.that(sealHash.length == Require.HASH_BYTES, "length of seal hash", sealHash.length, "32 bytes");
        if (count == 1) {
            return single(announced);
        }
        int most = announced.size() / 2;
        Require.that(
                count >= 1 && count <= most,
                "number of groups",
                count,
                "1 to " + most + ", half of the " + announced.size() + " announced sites");
        List<SortedSet<SiteId>> groups = new ArrayList<>();
        for (int group = 0; group < count; group++) {
            groups.add(new TreeSet<>());
        }
        byte[] context = LengthPrefixed.of(LABEL, LengthPrefixed.text(round), LengthPrefixed.number(count));
        int dealt = 0;
        for (SiteId site : KeyedOrder.of(sealHash, context, new TreeSet<>(announced))) {
            groups.get(dealt++ % count).add(site);
        }
        groups.replaceAll(Collections::unmodifiableSortedSet);
        return new RoundGroups(announced, groups);
    }

    /** How many groups there are. */
    public int count() {
        return groups.size();
    }

    /** All announced sites. */
    public SortedSet<SiteId> announced() {
        return announced;
    }

    /**
     * The sites of a group.
     *
     * @throws IndexOutOfBoundsException if there is no such group
     */
    public SortedSet<SiteId> members(int group) {
        return groups.get(group);
    }

    /**
     * The group a site is in.
     *
     * @throws IllegalArgumentException if the site is not announced
     */
    public int groupOf(SiteId site) {
        for (int group = 0; group < groups.size(); group++) {
            if (groups.get(group).contains(site)) {
                return group;
            }
        }
        throw new IllegalArgumentException("site " + site + " is in no group; announced are " + announced);
    }

    /** The announced neighbours of a site that are in its group: those it shares masks with in the round. */
    SortedSet<SiteId> partners(SiteId site, NeighbourGraph graph) {
        SortedSet<SiteId> partners = graph.neighbours(site);
        partners.retainAll(members(groupOf(site)));
        return partners;
    }

    /** Whether a block on this graph can have these groups. */
    boolean fit(NeighbourGraph graph) {
        return groups.size() == 1 || graph.isComplete();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RoundGroups that && groups.equals(that.groups);
    }

    @Override
    public int hashCode() {
        return groups.hashCode();
    }

    @Override
    public String toString() {
        return announced.size() + " sites in " + groups.size() + (groups.size() == 1 ? " group" : " groups");
    }
}
