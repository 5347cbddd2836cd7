package dev.sotto.coordination.protocol;

import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.secagg.RoundId;

/**
 * A round is under way: the one that {@code progress} names as the next.
 *
 * @param sealed the block
 * @param progress how far the task has come
 */
public record Running(SealedBlock sealed, Progress progress) implements InBlock {
    @Override
    public ActiveBlock with(Progress changed) {
        return new Running(sealed, changed);
    }

    @Override
    public InBlock with(SealedBlock changed) {
        return new Running(changed, progress);
    }

    @Override
    public Decision<BlockState> succeeded(BlockCommand.RoundSucceeded ended, Moment moment) {
        if (!current(ended.round())) {
            return Decision.stay(this);
        }
        CoordinatedTask task = moment.task();
        Progress further = progress.released(ended.model(), task.clipAfter(progress.clipNorm(), ended.model()));
        int count = task.rounds().count();
        return further.completed() >= count
                ? TaskEnded.end("all %d rounds ended with a model".formatted(count), further, moment)
                        .after(sealed.dropRounds(ended.round().task(), further.nextRound()))
                : next(further, ended.position(), moment);
    }

    @Override
    public Decision<BlockState> failed(BlockCommand.RoundFailed ended, Moment moment) {
        return current(ended.round())
                ? next(progress.skippedTo(progress.nextRound() + 1), ended.position(), moment)
                : Decision.stay(this);
    }

    private boolean current(RoundId round) {
        return round.number() == progress.nextRound();
    }

    private Decision<BlockState> next(Progress further, TranscriptPosition position, Moment moment) {
        return further.nextRound() <= sealed.lastRound()
                ? Reserving.reserve(sealed, further, position, moment)
                : Enrolling.begin(sealed.number() + 1, further, moment);
    }
}
