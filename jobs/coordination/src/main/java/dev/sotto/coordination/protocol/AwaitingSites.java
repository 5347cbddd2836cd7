package dev.sotto.coordination.protocol;

import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.secagg.RoundId;
import java.time.Duration;

/**
 * Too few of the block's members are willing and not kept out: the next round waits for one to say otherwise, for as long
 * as a window stays open.
 *
 * @param sealed the block
 * @param progress how far the task has come
 * @param position the newest transcript record known
 */
public record AwaitingSites(SealedBlock sealed, Progress progress, TranscriptPosition position) implements InBlock {
    static Decision<BlockState> begin(
            SealedBlock sealed, Progress progress, TranscriptPosition position, Moment moment) {
        RoundId round = new RoundId(moment.task().id(), progress.nextRound());
        return Decision.to(
                new AwaitingSites(sealed, progress, position),
                new Effect.Later(
                        Duration.ofSeconds(moment.task().rounds().uploadSeconds()), new BlockCommand.SitesDue(round)),
                new Effect.Report("round %s waits: %s".formatted(round, lack(sealed, progress, moment))));
    }

    private static String lack(SealedBlock sealed, Progress progress, Moment moment) {
        return "%d of block %d's %d members are willing and not kept out, and %d are needed who hold each other's shares"
                .formatted(
                        sealed.atHand(progress.quarantine()).size(),
                        sealed.number(),
                        sealed.members().size(),
                        sealed.graph().least(moment.task()));
    }

    @Override
    public ActiveBlock with(Progress changed) {
        return new AwaitingSites(sealed, changed, position);
    }

    @Override
    public InBlock with(SealedBlock changed) {
        return new AwaitingSites(changed, progress, position);
    }

    @Override
    public Decision<BlockState> heard(InBlock next, Moment moment) {
        return Reserving.enough(next.sealed(), progress, moment)
                ? Reserving.reserve(next.sealed(), progress, position, moment)
                : Decision.stay(next);
    }

    @Override
    public Decision<BlockState> sitesDue(RoundId round, Moment moment) {
        if (round.number() != progress.nextRound()) {
            return Decision.stay(this);
        }
        // The numbers of rounds that have keys already are never used again.
        return Enrolling.insteadOf(
                        sealed.number(),
                        lack(sealed, progress, moment),
                        progress.skippedTo(sealed.lastRound() + 1),
                        moment)
                .after(sealed.dropRounds(round.task(), round.number()));
    }
}
