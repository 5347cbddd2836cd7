package dev.sotto.coordination.protocol;

import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.util.SortedSet;

/**
 * The ledger is asked for a round's budget; the round opens only once it is charged.
 *
 * @param sealed the block
 * @param progress how far the task has come
 * @param terms the round asked for
 */
public record Reserving(SealedBlock sealed, Progress progress, RoundTerms terms) implements InBlock {
    /** Asks for the next round, or waits for sites to take part in it. */
    static Decision<BlockState> reserve(
            SealedBlock sealed, Progress progress, TranscriptPosition position, Moment moment) {
        if (!enough(sealed, progress, moment)) {
            return AwaitingSites.begin(sealed, progress, position, moment);
        }
        CoordinatedTask task = moment.task();
        RoundId round = new RoundId(task.id(), progress.nextRound());
        SortedSet<SiteId> announced = sealed.announced(progress.quarantine());
        RoundTerms terms = new RoundTerms(
                round,
                sealed.number(),
                sealed.sealHash(),
                announced,
                task.groups(sealed.graph(), announced.size()),
                progress.model(),
                progress.clipNorm());
        return Decision.to(
                new Reserving(sealed, progress, terms),
                new Effect.Tell(
                        Recipient.ledger(task.id()),
                        new LedgerCommand.Reserve(round, task.inputHash(terms).bytes(), task.rho(), position)));
    }

    /** Whether there are sites enough to announce for a sum that could be unmasked. */
    static boolean enough(SealedBlock sealed, Progress progress, Moment moment) {
        return sealed.announced(progress.quarantine()).size() >= sealed.graph().least(moment.task());
    }

    @Override
    public ActiveBlock with(Progress changed) {
        return new Reserving(sealed, changed, terms);
    }

    @Override
    public InBlock with(SealedBlock changed) {
        return new Reserving(changed, progress, terms);
    }

    @Override
    public Decision<BlockState> reserved(BlockCommand.BudgetReserved reserved, Moment moment) {
        if (!reserved.round().equals(terms.round())) {
            return Decision.stay(this);
        }
        return Decision.to(
                new Running(sealed, progress.spent(reserved.epsilonSpent())),
                new Effect.Tell(
                        Recipient.round(terms.round()),
                        new RoundCommand.Open(terms, reserved.rhoSpent(), reserved.epsilonSpent())));
    }

    @Override
    public Decision<BlockState> refused(BlockCommand.BudgetRefused refused, Moment moment) {
        return refused.round().equals(terms.round())
                ? TaskEnded.end(refused.reason(), progress.spent(refused.epsilonSpent()), moment)
                        .after(sealed.dropRounds(
                                moment.task().id(), terms.round().number()))
                : Decision.stay(this);
    }
}
