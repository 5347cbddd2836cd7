package dev.sotto.site;

import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.Bundle;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A block whose bundles are fixed, as this site has checked it.
 *
 * @param terms what was offered
 * @param members the sites whose bundles are sealed
 * @param roster the bundles of this site and of those of its neighbours that are members
 * @param sealHash 32 bytes
 */
record SealedBlock(BlockTerms terms, SortedSet<SiteId> members, SortedMap<SiteId, Bundle> roster, byte[] sealHash) {
    SealedBlock {
        members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
        roster = Collections.unmodifiableSortedMap(new TreeMap<>(roster));
        sealHash = sealHash.clone();
    }

    int number() {
        return terms.block().number();
    }

    RoundId round(int number) {
        return new RoundId(terms.block().task(), number);
    }

    int lastRound() {
        return terms.firstRound() + terms.rounds() - 1;
    }

    /** How many of the sites hold shares of this one's secrets. */
    int holders(SiteId site, Set<SiteId> among) {
        SortedSet<SiteId> holders = terms.graph().holders(site);
        holders.retainAll(among);
        return holders.size();
    }
}
