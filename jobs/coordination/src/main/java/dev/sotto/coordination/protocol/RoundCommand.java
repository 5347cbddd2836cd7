package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;

/** What happens to a round. */
public sealed interface RoundCommand extends Command
        permits Written,
                RoundCommand.PartDealt,
                RoundCommand.RosterFixed,
                RoundCommand.Dropped,
                RoundCommand.Open,
                RoundCommand.WindowFired,
                RoundCommand.AnswerReceived,
                RoundCommand.ModelReceived,
                RoundCommand.UploadDue,
                RoundCommand.UnmaskDue,
                RoundCommand.ReleaseCommitted {
    /**
     * Lets a state decide.
     *
     * @throws RejectedRecordException if the record that the command hands on is refused; the state stays
     */
    Decision<RoundState> applyTo(RoundState state, Moment moment) throws RejectedRecordException;

    /**
     * A site has dealt for the round.
     *
     * @param bundle Avro binary of a {@code SiteBundle} with this round alone
     */
    record PartDealt(SiteId site, byte[] bundle) implements RoundCommand {
        @Override
        public Decision<RoundState> applyTo(RoundState state, Moment moment) {
            return state.partDealt(site, bundle, moment);
        }
    }

    /** The block is sealed with the bundles whose parts have come. */
    record RosterFixed(RoundId round, int block, BlockGraph graph) implements RoundCommand {
        @Override
        public Decision<RoundState> applyTo(RoundState state, Moment moment) {
            return state.rosterFixed(this, moment);
        }
    }

    /** The round will not take place. */
    record Dropped() implements RoundCommand {
        @Override
        public Decision<RoundState> applyTo(RoundState state, Moment moment) {
            return state.dropped(moment);
        }
    }

    /** The round is paid for and may open. */
    record Open(RoundTerms terms, double rhoSpent, double epsilonSpent) implements RoundCommand {
        @Override
        public Decision<RoundState> applyTo(RoundState state, Moment moment) {
            return state.open(this, moment);
        }
    }

    /**
     * Aggregation closed the window.
     *
     * @param envelope its signed record, which the round's function has verified
     */
    record WindowFired(byte[] envelope) implements RoundCommand {
        @Override
        public Decision<RoundState> applyTo(RoundState state, Moment moment) throws RejectedRecordException {
            return state.windowFired(new Window(envelope), moment);
        }
    }

    /** A survivor answers with its shares. */
    record AnswerReceived(SiteRecord record) implements RoundCommand, FromSite {
        @Override
        public Decision<RoundState> applyTo(RoundState state, Moment moment) throws RejectedRecordException {
            return state.answered(record, moment);
        }
    }

    /**
     * Aggregation announced a model for this round.
     *
     * @param envelope its signed record, which the task's function has verified
     */
    record ModelReceived(byte[] envelope) implements RoundCommand {
        @Override
        public Decision<RoundState> applyTo(RoundState state, Moment moment) throws RejectedRecordException {
            return state.modelMade(new Release(envelope), moment);
        }
    }

    /** The window should have been closed by now. */
    record UploadDue() implements RoundCommand {
        @Override
        public Decision<RoundState> applyTo(RoundState state, Moment moment) {
            return state.uploadDue(moment);
        }
    }

    /** The time to answer is over. */
    record UnmaskDue() implements RoundCommand {
        @Override
        public Decision<RoundState> applyTo(RoundState state, Moment moment) throws RejectedRecordException {
            return state.unmaskDue(moment);
        }
    }

    /**
     * The ledger has the release.
     *
     * @param rhoSpent zCDP spent by the task
     * @param epsilonSpent the same as epsilon at the task's delta
     * @param ledgerHash the hash of the ledger's entry
     */
    record ReleaseCommitted(double rhoSpent, double epsilonSpent, byte[] ledgerHash) implements RoundCommand {
        @Override
        public Decision<RoundState> applyTo(RoundState state, Moment moment) {
            return state.committed(this, moment);
        }
    }
}
