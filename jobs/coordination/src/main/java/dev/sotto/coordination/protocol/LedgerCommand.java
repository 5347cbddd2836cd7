package dev.sotto.coordination.protocol;

import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.secagg.RoundId;

/** What the keeper of a ledger is told. */
public sealed interface LedgerCommand extends Command {
    /** Something is asked about a release: one a round. */
    sealed interface Ask extends LedgerCommand {
        /** The round. */
        RoundId round();

        /** The hash of the round's terms, which names what is released before it exists. */
        byte[] inputHash();

        /** The newest transcript record that the asker knows. */
        TranscriptPosition position();
    }

    /** Charge a round, before it opens. */
    record Reserve(RoundId round, byte[] inputHash, double rho, TranscriptPosition position) implements Ask {}

    /** Note that a charged round was released. */
    record Commit(RoundId round, byte[] inputHash, TranscriptPosition position) implements Ask {}

    /** The entry that charges a round should have been read back by now. */
    record ReadBackDue(RoundId round) implements LedgerCommand {}
}
