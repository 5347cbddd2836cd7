package dev.sotto.secagg;

import java.util.List;

/**
 * All that a site publishes for a block: for each of its rounds a mask key and the encrypted shares of its two secrets.
 * Public and immutable; it counts once its site has signed it.
 *
 * @param block the block
 * @param site the dealer
 * @param rounds one for every round of the block, ascending
 */
public record Bundle(BlockId block, SiteId site, List<RoundKeys> rounds) {
    /** Copies the list. */
    public Bundle {
        rounds = List.copyOf(rounds);
    }

    /**
     * Checks that the bundle has exactly what the terms ask for. Whether its shares are honest shows only when they are
     * opened.
     *
     * @throws IllegalArgumentException naming what is missing or too much
     */
    public void requireFits(BlockTerms terms) {
        Require.that(block.equals(terms.block()), "block of the bundle of " + site, block, "" + terms.block());
        Require.that(terms.cohort().containsKey(site), "dealer", site, "in the cohort of block " + block);
        Require.that(
                rounds.size() == terms.rounds(),
                "number of rounds in the bundle of " + site,
                rounds.size(),
                "the block's " + terms.rounds());
        List<SiteId> cohort = List.copyOf(terms.cohort().keySet());
        for (int i = 0; i < rounds.size(); i++) {
            RoundKeys keys = rounds.get(i);
            int expected = terms.firstRound() + i;
            Require.that(keys.round() == expected, "round in the bundle of " + site, keys.round(), "" + expected);
            List<SiteId> destinations =
                    keys.shares().stream().map(EncryptedShares::destination).toList();
            Require.that(
                    destinations.equals(cohort),
                    "destinations of " + site + " in round " + keys.round(),
                    destinations,
                    "exactly the cohort " + cohort);
        }
    }

    /**
     * The public part of one round.
     *
     * @throws IllegalArgumentException if the bundle has no such round
     */
    public RoundKeys round(int number) {
        for (RoundKeys keys : rounds) {
            if (keys.round() == number) {
                return keys;
            }
        }
        throw new IllegalArgumentException("the bundle of " + site + " for block " + block + " has no round " + number);
    }
}
