package dev.sotto.scoring;

/**
 * A window whose counts are final and whose epsilon is spent, but whose noise is not drawn yet; or the end of releases, which has no counts.
 *
 * @param counts the exact counts
 * @param spent epsilon of all releases up to and with this one, as a decimal number
 * @param releases windows released up to and with this one
 */
public record ClosedWindow(WindowCounts counts, String spent, long releases) {
    static ClosedWindow of(WindowCounts counts, ReleaseProgress charged) {
        return new ClosedWindow(counts, charged.spent(), charged.releases());
    }

    static ClosedWindow end(ReleaseProgress ended) {
        return of(WindowCounts.empty(ended.next(), 0), ended);
    }

    boolean isEnd() {
        return counts.counts().length == 0;
    }
}
