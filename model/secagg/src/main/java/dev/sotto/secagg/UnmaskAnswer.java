package dev.sotto.secagg;

import java.util.List;

/**
 * What a site answers to an unmask request, and for which survivors. The site stores both before it sends the shares, and
 * repeats the same answer whenever it is asked again.
 *
 * @param survivors what it has answered for; it answers for no other set in this round
 * @param shares what it sends
 * @param unopened dealers whose box did not open or did not hold what they had committed to
 */
public record UnmaskAnswer(SurvivorSet survivors, UnmaskShares shares, List<SiteId> unopened) {
    /** Copies the list. */
    public UnmaskAnswer {
        unopened = List.copyOf(unopened);
    }
}
