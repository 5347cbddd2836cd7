package dev.sotto.secagg;

import java.util.List;

/**
 * A site's answer to an unmask request: at most one share of every announced site. Immutable.
 *
 * @param round the round
 * @param from the site that answers
 * @param shares sorted by the site they are shares of; a site whose box could not be opened is missing
 */
public record UnmaskShares(RoundId round, SiteId from, List<OpenedShare> shares) {
    /** Copies the list. */
    public UnmaskShares {
        shares = List.copyOf(shares);
    }

    @Override
    public String toString() {
        return shares.size() + " shares from " + from + " for round " + round;
    }
}
