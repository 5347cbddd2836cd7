package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;

/** What happens to a task between and around its rounds. */
public sealed interface BlockCommand extends Command
        permits Written,
                BlockCommand.EnrolmentReceived,
                BlockCommand.RevealReceived,
                BlockCommand.BundleReceived,
                BlockCommand.IntentReceived,
                BlockCommand.SiteAnswered,
                BlockCommand.SiteConvicted,
                BlockCommand.EnrolDue,
                BlockCommand.RevealDue,
                BlockCommand.BundleDue,
                BlockCommand.SitesDue,
                BlockCommand.BudgetReserved,
                BlockCommand.BudgetRefused,
                BlockCommand.RoundSucceeded,
                BlockCommand.RoundFailed {
    /**
     * Lets a state decide.
     *
     * @throws RejectedRecordException if the record that the command hands on is refused; the state stays
     */
    Decision<BlockState> applyTo(BlockState state, Moment moment) throws RejectedRecordException;

    /** A site offers itself for a block. */
    record EnrolmentReceived(SiteRecord record) implements BlockCommand, FromSite {
        @Override
        public Decision<BlockState> applyTo(BlockState state, Moment moment) throws RejectedRecordException {
            return state.enrol(record, moment);
        }
    }

    /** A site deals its keys and shares. */
    record BundleReceived(SiteRecord record) implements BlockCommand, FromSite {
        @Override
        public Decision<BlockState> applyTo(BlockState state, Moment moment) throws RejectedRecordException {
            return state.bundle(record, moment);
        }
    }

    /** A site reveals the nonce it has committed to. */
    record RevealReceived(SiteRecord record) implements BlockCommand, FromSite {
        @Override
        public Decision<BlockState> applyTo(BlockState state, Moment moment) throws RejectedRecordException {
            return state.reveal(record, moment);
        }
    }

    /** A site says between its answers whether it takes part in the rounds to come. */
    record IntentReceived(SiteRecord record) implements BlockCommand, FromSite {
        @Override
        public Decision<BlockState> applyTo(BlockState state, Moment moment) throws RejectedRecordException {
            return state.intent(record, moment);
        }
    }

    /** A site says so with its unmask answer for a round. The shares go to the round alone. */
    record SiteAnswered(SiteId site, RoundId round, Intention intention) implements BlockCommand {
        @Override
        public Decision<BlockState> applyTo(BlockState state, Moment moment) {
            return state.answered(this, moment);
        }
    }

    /** A site has reached the strikes that the task bears. */
    record SiteConvicted(SiteId site) implements BlockCommand {
        @Override
        public Decision<BlockState> applyTo(BlockState state, Moment moment) {
            return state.convicted(site, moment);
        }
    }

    /** The time to reveal for a block is over. */
    record RevealDue(int block) implements BlockCommand {
        @Override
        public Decision<BlockState> applyTo(BlockState state, Moment moment) throws RejectedRecordException {
            return state.revealDue(block, moment);
        }
    }

    /** The time to wait for sites to take part in a round is over. */
    record SitesDue(RoundId round) implements BlockCommand {
        @Override
        public Decision<BlockState> applyTo(BlockState state, Moment moment) {
            return state.sitesDue(round, moment);
        }
    }

    /** The time to enrol for a block is over. */
    record EnrolDue(int block) implements BlockCommand {
        @Override
        public Decision<BlockState> applyTo(BlockState state, Moment moment) {
            return state.enrolDue(block, moment);
        }
    }

    /** The time to deal for a block is over. */
    record BundleDue(int block) implements BlockCommand {
        @Override
        public Decision<BlockState> applyTo(BlockState state, Moment moment) throws RejectedRecordException {
            return state.bundleDue(block, moment);
        }
    }

    /**
     * The ledger has charged a round.
     *
     * @param rhoSpent zCDP spent by the task, this round included
     * @param epsilonSpent the same as epsilon at the task's delta
     */
    record BudgetReserved(RoundId round, double rhoSpent, double epsilonSpent) implements BlockCommand {
        @Override
        public Decision<BlockState> applyTo(BlockState state, Moment moment) {
            return state.reserved(this, moment);
        }
    }

    /**
     * The ledger refuses a round.
     *
     * @param epsilonSpent what the task has spent, as epsilon at its delta
     */
    record BudgetRefused(RoundId round, String reason, double epsilonSpent) implements BlockCommand {
        @Override
        public Decision<BlockState> applyTo(BlockState state, Moment moment) {
            return state.refused(this, moment);
        }
    }

    /** A round ended with a model; {@code position} is that of its result. */
    record RoundSucceeded(RoundId round, ModelRef model, TranscriptPosition position) implements BlockCommand {
        @Override
        public Decision<BlockState> applyTo(BlockState state, Moment moment) {
            return state.succeeded(this, moment);
        }
    }

    /** A round ended without a model; {@code position} is that of its abort. */
    record RoundFailed(RoundId round, TranscriptPosition position) implements BlockCommand {
        @Override
        public Decision<BlockState> applyTo(BlockState state, Moment moment) {
            return state.failed(this, moment);
        }
    }
}
