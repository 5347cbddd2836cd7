package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.secagg.SiteId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The sites that are kept out for a while because of proven wrongs.
 *
 * @param until the last block that each is kept out of
 */
public record Quarantine(SortedMap<SiteId, Integer> until) {
    /** Nobody is. */
    static final Quarantine NOBODY = new Quarantine(Collections.emptySortedMap());

    /** Whether a site is kept out of a block. */
    boolean holds(SiteId site, int block) {
        return until.getOrDefault(site, 0) >= block;
    }

    /** With one more, up to and with a block; a longer one stays. */
    Quarantine with(SiteId site, int lastBlock) {
        SortedMap<SiteId, Integer> more = new TreeMap<>(until);
        more.merge(site, lastBlock, Math::max);
        return new Quarantine(Collections.unmodifiableSortedMap(more));
    }

    /** Refuses an enrolment of a site that is kept out of this block. */
    void requireOutside(SiteRecord enrolment, int block) throws RejectedRecordException {
        if (holds(enrolment.site(), block)) {
            throw new RejectedRecordException(
                    Rejection.QUARANTINED,
                    "%s is kept out up to and with block %d because of its strikes; it may enrol for the one after"
                            .formatted(enrolment.site(), until.get(enrolment.site())));
        }
    }

    /** The effect that says so. */
    static Effect report(SiteId site, int lastBlock) {
        return new Effect.Report("%s is quarantined up to and with block %d".formatted(site, lastBlock));
    }
}
