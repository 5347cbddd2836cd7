package dev.sotto.coordination.function;

import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.coordination.protocol.CoordinatedTask;
import dev.sotto.coordination.protocol.Decision;
import dev.sotto.coordination.protocol.Effect;
import dev.sotto.coordination.protocol.FromSite;
import dev.sotto.coordination.protocol.Moment;
import dev.sotto.coordination.protocol.Recipient;
import dev.sotto.coordination.protocol.RoundCommand;
import dev.sotto.coordination.protocol.RoundState;
import dev.sotto.coordination.protocol.SiteCommand;
import dev.sotto.secagg.RoundId;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.statefun.sdk.java.Context;
import org.apache.flink.statefun.sdk.java.StatefulFunction;
import org.apache.flink.statefun.sdk.java.StatefulFunctionSpec;
import org.apache.flink.statefun.sdk.java.message.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code sotto/round}, one a round: takes it from its opening to its result as {@link RoundState} says, and is the door
 * for {@code fl.arrivals}.
 */
public final class RoundFunction implements StatefulFunction {
    private static final Logger LOG = LoggerFactory.getLogger(RoundFunction.class);

    private final Map<String, CoordinatedTask> tasks;
    private final EnvelopeVerifier verifier;
    private final EffectRunner effects;
    private final Clock clock;

    RoundFunction(Map<String, CoordinatedTask> tasks, EnvelopeVerifier verifier, EffectRunner effects, Clock clock) {
        this.tasks = tasks;
        this.verifier = verifier;
        this.effects = effects;
        this.clock = clock;
    }

    StatefulFunctionSpec spec() {
        return StatefulFunctionSpec.builder(Types.function(Recipient.Role.ROUND))
                .withValueSpec(Types.ROUND)
                .withSupplier(() -> this)
                .build();
    }

    @Override
    public CompletableFuture<Void> apply(Context context, Message message) {
        if (message.is(Types.BYTES)) {
            byte[] value = message.as(Types.BYTES);
            try {
                if (concernsTheWindow(context.self().id(), value)) {
                    decide(context, new RoundCommand.WindowFired(value));
                }
            } catch (RejectedRecordException e) {
                refuse(context, new RoundCommand.WindowFired(value), e);
            }
            return context.done();
        }
        RoundCommand command = (RoundCommand) message.as(Types.COMMAND);
        try {
            decide(context, command);
        } catch (RejectedRecordException e) {
            refuse(context, command, e);
        }
        return context.done();
    }

    private boolean concernsTheWindow(String id, byte[] value) throws RejectedRecordException {
        SignedRecord record = verifier.open(value);
        if (!record.task().equals(round(id).task())) {
            throw new RejectedRecordException(Rejection.WRONG_TASK, "the record is of another task than its key");
        }
        if (record.kind() == Kind.ARRIVAL) {
            return false;
        }
        if (record.kind() != Kind.WINDOW_CLOSED) {
            throw new RejectedRecordException(
                    Rejection.WRONG_KIND, record.kind() + " does not belong into " + Topics.ARRIVALS.name());
        }
        return true;
    }

    private void decide(Context context, RoundCommand command) throws RejectedRecordException {
        String id = context.self().id();
        CoordinatedTask task = tasks.get(round(id).task().value());
        if (task == null) {
            throw new RejectedRecordException(Rejection.WRONG_TASK, "a task of that key is not coordinated here");
        }
        RoundState before = context.storage().get(Types.ROUND).orElseGet(RoundState::initial);
        Decision<RoundState> decision = command.applyTo(before, new Moment(task, clock.millis(), verifier));
        if (decision.next() != before) {
            context.storage().set(Types.ROUND, decision.next());
        }
        if (decision.next().getClass() != before.getClass()) {
            LOG.info(
                    "round {}: {} -> {}",
                    id,
                    before.getClass().getSimpleName(),
                    decision.next().getClass().getSimpleName());
        }
        effects.run(context, decision.effects());
    }

    private void refuse(Context context, RoundCommand command, RejectedRecordException e) {
        String detail = String.valueOf(e.getMessage());
        String id = context.self().id();
        if (command instanceof FromSite fromSite) {
            SiteCommand refused = new SiteCommand.Refused(
                    RoundId.parse(id).task(),
                    e.rejection(),
                    detail,
                    fromSite.record().envelope());
            effects.run(
                    context, new Effect.Tell(Recipient.site(fromSite.record().site()), refused));
        } else if (command instanceof RoundCommand.ModelReceived model) {
            String task = id.substring(0, Math.max(0, id.lastIndexOf('/')));
            effects.run(context, new Effect.Refuse(Topics.MODELS, task, model.envelope(), e.rejection(), detail));
        } else if (command instanceof RoundCommand.WindowFired fired) {
            effects.run(context, new Effect.Refuse(Topics.ARRIVALS, id, fired.envelope(), e.rejection(), detail));
        } else {
            throw new IllegalStateException("round " + id + " refuses what coordination itself said", e);
        }
    }

    private static RoundId round(String id) throws RejectedRecordException {
        try {
            return RoundId.parse(id);
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(Rejection.INVALID_FIELD, "the record's key is not task/round", e);
        }
    }
}
