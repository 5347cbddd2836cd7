package dev.sotto.simulation;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.SiteId;

/**
 * What must hold in every schedule. It is shown what happens and throws a {@link Violation} as soon as it does not hold.
 * Not thread-safe.
 */
abstract class Invariant {
    /** The name under which it fails. */
    final String name() {
        return getClass().getSimpleName();
    }

    /**
     * A site has handed a signed record to its producer: whoever runs the brokers has it, be its transaction committed or
     * not.
     *
     * @param block the block the site is in
     */
    void sent(SiteId site, int block, SignedRecord record) throws RejectedRecordException {}

    /** A signed record can be read. */
    void visible(Broker.Entry entry, SignedRecord record) throws RejectedRecordException {}

    /** A site has acted on the transcript up to a position. */
    void reached(SiteId site, TranscriptPosition position) {}

    /** A site has dealt its secrets of a block. */
    void dealt(SiteId site, BlockTerms terms) {}

    /** The schedule is over. */
    void finished(Schedule schedule) throws RejectedRecordException {}

    final void require(boolean holds, String detail, Object... values) {
        if (!holds) {
            throw new Violation(this, detail.formatted(values));
        }
    }
}
