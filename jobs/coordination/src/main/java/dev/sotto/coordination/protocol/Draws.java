package dev.sotto.coordination.protocol;

import dev.sotto.secagg.SiteId;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The offers in a row that were given up because a nonce was missing. Whoever withholds one has the mask graph drawn
 * again, so there is a bound, which sites keep too.
 *
 * @param givenUp how many, since a block was sealed
 * @param silent who withheld; the next cohorts do without them as long as there are others enough
 */
public record Draws(int givenUp, SortedSet<SiteId> silent) {
    /** Offers given up in a row after which a task ends: eight draws take three bits off a graph's privacy. */
    static final int MOST = 8;

    static final Draws NONE = new Draws(0, Collections.emptySortedSet());

    Draws another(SortedSet<SiteId> missing) {
        SortedSet<SiteId> all = new TreeSet<>(silent);
        all.addAll(missing);
        return new Draws(givenUp + 1, Collections.unmodifiableSortedSet(all));
    }
}
