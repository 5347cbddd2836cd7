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
        requireHead(terms);
        for (int i = 0; i < rounds.size(); i++) {
            int expected = terms.firstRound() + i;
            int round = rounds.get(i).round();
            Require.that(round == expected, "round in the bundle of " + site, round, "" + expected);
            requireShares(rounds.get(i), terms.graph());
        }
    }

    /**
     * The public part of one round after checking that it, and the bundle's head, are what the terms ask for.
     *
     * @throws IllegalArgumentException naming what is missing or too much
     */
    RoundKeys requireRound(BlockTerms terms, RoundId round) {
        requireHead(terms);
        RoundKeys keys = round(round.number());
        requireShares(keys, terms.graph());
        return keys;
    }

    private void requireHead(BlockTerms terms) {
        Require.that(block.equals(terms.block()), "block of the bundle of " + site, block, "" + terms.block());
        Require.that(terms.cohort().containsKey(site), "dealer", site, "in the cohort of block " + block);
        Require.that(
                rounds.size() == terms.rounds(),
                "number of rounds in the bundle of " + site,
                rounds.size(),
                "the block's " + terms.rounds());
    }

    private void requireShares(RoundKeys keys, NeighbourGraph graph) {
        Require.that(
                keys.shares().size() == graph.holders(),
                "number of shares of " + site + " in round " + keys.round(),
                keys.shares().size(),
                graph.holders() + ", one for each holder");
        // They are sorted and unique, so as many holders as there are can be no others.
        for (EncryptedShares shares : keys.shares()) {
            SiteId destination = shares.destination();
            if (!graph.cohort().contains(destination) || !graph.holds(destination, site)) {
                throw new IllegalArgumentException("destination of shares of " + site + " in round " + keys.round()
                        + " is " + destination + " but must be one of its holders in the " + graph);
            }
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
