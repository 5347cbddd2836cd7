package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.TaskEnd;
import java.util.Arrays;

/**
 * The task is over.
 *
 * @param origin hash of the model it started from
 * @param reason why it ended
 */
public record TaskEnded(byte[] origin, String reason) implements BlockState {
    static Decision<BlockState> end(String reason, Progress progress, Moment moment) {
        CoordinatedTask task = moment.task();
        return Decision.to(
                new TaskEnded(progress.origin(), reason),
                Effect.append(
                        task.id(),
                        Kind.TASK_END,
                        new TaskEnd(reason, progress.completed(), progress.epsilonSpent(), task.delta())));
    }

    @Override
    public Decision<BlockState> start(ModelRef model, Moment moment) throws RejectedRecordException {
        if (!Arrays.equals(origin, model.sha256())) {
            throw new RejectedRecordException(Rejection.CONFLICT, "the task is over: " + reason);
        }
        return Decision.stay(this);
    }

    @Override
    public Decision<BlockState> enrol(SiteRecord enrolment, Moment moment) throws RejectedRecordException {
        throw new RejectedRecordException(Rejection.LATE, "the task is over: " + reason);
    }
}
