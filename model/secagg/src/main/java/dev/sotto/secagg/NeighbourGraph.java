package dev.sotto.secagg;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who masks against whom in a block, and who holds whose shares. On the <b>complete</b> graph every site masks against
 * every other and all sites, the dealer included, hold a share. On a <b>Harary</b> graph (Bell et al. 2020, section 3.2)
 * the sites stand in a ring, in an order drawn from a beacon, and each masks against and shares with its {@code degree}
 * nearest: half of them to either side, and the site opposite if the degree is odd. No fewer than {@code degree} sites
 * taken out disconnect such a graph. Immutable.
 */
public final class NeighbourGraph {
    /** Length of a beacon in bytes. */
    public static final int BEACON_BYTES = 32;

    private static final byte[] ORDER_LABEL = LengthPrefixed.text("sotto/ring-order/v1");

    private final SortedSet<SiteId> cohort;
    private final int degree;
    private final byte[] beacon;
    private final List<SiteId> ring;
    private final Map<SiteId, Integer> positions = new HashMap<>();

    /** By place in the ring, the site's index among the sorted cohort. */
    private final int[] ranks;

    private NeighbourGraph(Collection<SiteId> cohort, int degree, byte[] beacon) {
        this.cohort = Collections.unmodifiableSortedSet(new TreeSet<>(cohort));
        this.degree = degree;
        this.beacon = beacon;
        this.ring = degree == 0 ? List.copyOf(this.cohort) : KeyedOrder.of(beacon, ORDER_LABEL, this.cohort);
        for (int i = 0; i < ring.size(); i++) {
            positions.put(ring.get(i), i);
        }
        this.ranks = new int[ring.size()];
        int rank = 0;
        for (SiteId site : this.cohort) {
            ranks[position(site)] = rank++;
        }
    }

    /** The graph on which every site is every other's neighbour. */
    public static NeighbourGraph complete(Collection<SiteId> cohort) {
        return new NeighbourGraph(cohort, 0, new byte[0]);
    }

    /**
     * A Harary graph whose order nobody could choose, if the beacon was fixed after the cohort was ({@link Beacon}).
     *
     * @param degree how many neighbours each site has, 2 to n - 1; even, unless the cohort is
     * @param beacon 32 bytes
     * @throws IllegalArgumentException if degree or beacon is out of range
     */
    public static NeighbourGraph harary(Collection<SiteId> cohort, int degree, byte[] beacon) {
        int n = cohort.size();
        Require.that(
                degree >= 2 && degree < n, "degree of the graph", degree, "2 to " + (n - 1) + " for " + n + " sites");
        Require.that(degree % 2 == 0 || n % 2 == 0, "degree of the graph", degree, "even for " + n + " sites");
        return new NeighbourGraph(cohort, degree, Require.copy("beacon", beacon, BEACON_BYTES));
    }

    /**
     * The graph that a degree stands for on the wire and in storage: complete for zero, else Harary.
     *
     * @param beacon 32 bytes; empty for the complete graph
     * @throws IllegalArgumentException if degree or beacon is out of range
     */
    public static NeighbourGraph of(Collection<SiteId> cohort, int degree, byte[] beacon) {
        if (degree != 0) {
            return harary(cohort, degree, beacon);
        }
        Require.that(beacon.length == 0, "length of the beacon", beacon.length, "0 for the complete graph");
        return complete(cohort);
    }

    /** Whether every site is every other's neighbour by construction. */
    public boolean isComplete() {
        return degree == 0;
    }

    /** How many neighbours each site has; zero stands for the complete graph. */
    public int degree() {
        return degree;
    }

    /** The 32 bytes that the order was drawn from; empty for the complete graph. */
    public byte[] beacon() {
        return beacon.clone();
    }

    /** All sites of the graph. */
    public SortedSet<SiteId> cohort() {
        return cohort;
    }

    /** How many sites hold a share of each secret: all of them on the complete graph, else as many as the degree. */
    public int holders() {
        return degree == 0 ? cohort.size() : degree;
    }

    /**
     * The sites that this one shares pairwise masks with; never itself.
     *
     * @throws IllegalArgumentException if the site is not in the cohort
     */
    public SortedSet<SiteId> neighbours(SiteId site) {
        int position = position(site);
        SortedSet<SiteId> neighbours = new TreeSet<>();
        if (degree == 0) {
            neighbours.addAll(cohort);
            neighbours.remove(site);
            return neighbours;
        }
        int n = ring.size();
        for (int step = 1; step <= degree / 2; step++) {
            neighbours.add(ring.get((position + step) % n));
            neighbours.add(ring.get((position - step + n) % n));
        }
        if (degree % 2 != 0) {
            neighbours.add(ring.get((position + n / 2) % n));
        }
        return neighbours;
    }

    /**
     * The sites that hold shares of this dealer's secrets: on the complete graph all, itself included, else its
     * neighbours.
     *
     * @throws IllegalArgumentException if the dealer is not in the cohort
     */
    public SortedSet<SiteId> holders(SiteId dealer) {
        SortedSet<SiteId> holders = neighbours(dealer);
        if (degree == 0) {
            holders.add(dealer);
        }
        return holders;
    }

    /** The sites whose shares this one holds: the same as those that hold its own, as neighbourhood is mutual. */
    public SortedSet<SiteId> dealers(SiteId holder) {
        return holders(holder);
    }

    /**
     * Whether the holder has a share of each of the dealer's secrets.
     *
     * @throws IllegalArgumentException if one of them is not in the cohort
     */
    public boolean holds(SiteId holder, SiteId dealer) {
        int n = ring.size();
        int apart = Math.floorMod(position(holder) - position(dealer), n);
        if (degree == 0) {
            return true;
        }
        int near = Math.min(apart, n - apart);
        return near != 0 && (near <= degree / 2 || degree % 2 != 0 && 2 * near == n);
    }

    /**
     * The place at which the holder's shares of this dealer's secrets lie: its index among the sorted holders, from one.
     *
     * @throws IllegalArgumentException if the site holds no shares of the dealer
     */
    public int place(SiteId dealer, SiteId holder) {
        if (!holds(holder, dealer)) {
            throw new IllegalArgumentException("site " + holder + " holds no shares of " + dealer + "; ask one of the "
                    + holders() + " that it deals to");
        }
        int rank = ranks[position(holder)];
        if (degree == 0) {
            return rank + 1;
        }
        // Counted without building the set: the server asks for every share of a round.
        int position = position(dealer);
        int place = 1;
        for (int step = 1; step <= degree / 2; step++) {
            place += before(rank, position + step) + before(rank, position - step);
        }
        return degree % 2 == 0 ? place : place + before(rank, position + ring.size() / 2);
    }

    private int before(int rank, int position) {
        return ranks[Math.floorMod(position, ranks.length)] < rank ? 1 : 0;
    }

    private int position(SiteId site) {
        Integer position = positions.get(site);
        if (position == null) {
            throw new IllegalArgumentException("site " + site + " is not in the cohort of " + cohort.size()
                    + " sites that the graph is of; ask for one that was offered the block");
        }
        return position;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NeighbourGraph graph
                && degree == graph.degree
                && cohort.equals(graph.cohort)
                && Arrays.equals(beacon, graph.beacon);
    }

    @Override
    public int hashCode() {
        return 31 * cohort.hashCode() + degree;
    }

    @Override
    public String toString() {
        return (degree == 0 ? "complete graph of " : "Harary graph of degree " + degree + " of ") + cohort.size()
                + " sites";
    }
}
