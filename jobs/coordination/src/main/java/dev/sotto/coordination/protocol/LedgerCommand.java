package dev.sotto.coordination.protocol;

import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.secagg.RoundId;

/** What the keeper of a ledger is asked. */
public sealed interface LedgerCommand extends Command {
    /** The release asked about: one a round. */
    RoundId round();

    /** The hash of the round's terms, which names what is released before it exists. */
    byte[] inputHash();

    /** The newest transcript record that the asker knows. */
    TranscriptPosition position();

    /** Charge a round, before it opens. */
    record Reserve(RoundId round, byte[] inputHash, double rho, TranscriptPosition position) implements LedgerCommand {}

    /** Note that a charged round was released. */
    record Commit(RoundId round, byte[] inputHash, TranscriptPosition position) implements LedgerCommand {}
}
