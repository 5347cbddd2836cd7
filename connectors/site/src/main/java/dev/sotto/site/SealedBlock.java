package dev.sotto.site;

import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.Bundle;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A block whose bundles are fixed, as this site has checked it.
 *
 * @param terms what was offered
 * @param roster the members' bundles
 * @param sealHash 32 bytes
 */
record SealedBlock(BlockTerms terms, SortedMap<SiteId, Bundle> roster, byte[] sealHash) {
    SealedBlock {
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
}
