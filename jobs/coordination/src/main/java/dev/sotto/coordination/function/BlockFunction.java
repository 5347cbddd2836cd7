package dev.sotto.coordination.function;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.coordination.protocol.BlockCommand;
import dev.sotto.coordination.protocol.BlockState;
import dev.sotto.coordination.protocol.CoordinatedTask;
import dev.sotto.coordination.protocol.Decision;
import dev.sotto.coordination.protocol.Effect;
import dev.sotto.coordination.protocol.FromSite;
import dev.sotto.coordination.protocol.ModelRef;
import dev.sotto.coordination.protocol.Moment;
import dev.sotto.coordination.protocol.Recipient;
import dev.sotto.coordination.protocol.RoundCommand;
import dev.sotto.coordination.protocol.SiteCommand;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.TaskId;
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
 * {@code sotto/block}, one a task: takes it from block to block as {@link BlockState} says, and is the door for
 * {@code fl.models}.
 */
public final class BlockFunction implements StatefulFunction {
    private static final Logger LOG = LoggerFactory.getLogger(BlockFunction.class);
    private static final int HASH = 32;

    private final Map<String, CoordinatedTask> tasks;
    private final EnvelopeVerifier verifier;
    private final EffectRunner effects;
    private final Clock clock;

    BlockFunction(Map<String, CoordinatedTask> tasks, EnvelopeVerifier verifier, EffectRunner effects, Clock clock) {
        this.tasks = tasks;
        this.verifier = verifier;
        this.effects = effects;
        this.clock = clock;
    }

    StatefulFunctionSpec spec() {
        return StatefulFunctionSpec.builder(Types.function(Recipient.Role.BLOCK))
                .withValueSpec(Types.BLOCK)
                .withSupplier(() -> this)
                .build();
    }

    @Override
    public CompletableFuture<Void> apply(Context context, Message message) {
        String id = context.self().id();
        BlockState state = context.storage().get(Types.BLOCK).orElseGet(BlockState::initial);
        if (message.is(Types.BYTES)) {
            byte[] value = message.as(Types.BYTES);
            try {
                keep(context, state, announced(id, value, state));
            } catch (RejectedRecordException e) {
                effects.run(context, new Effect.Refuse(Topics.MODELS, id, value, e.rejection(), reason(e)));
            }
            return context.done();
        }
        BlockCommand command = (BlockCommand) message.as(Types.COMMAND);
        try {
            keep(context, state, command.applyTo(state, moment(id)));
        } catch (RejectedRecordException e) {
            if (!(command instanceof FromSite fromSite)) {
                throw new IllegalStateException("task " + id + " refuses what coordination itself said", e);
            }
            effects.run(
                    context,
                    new Effect.Tell(
                            Recipient.site(fromSite.record().site()),
                            new SiteCommand.Refused(
                                    new TaskId(id),
                                    e.rejection(),
                                    reason(e),
                                    fromSite.record().envelope())));
        }
        return context.done();
    }

    private Decision<BlockState> announced(String id, byte[] value, BlockState state) throws RejectedRecordException {
        SignedRecord record = verifier.open(value);
        if (record.kind() != Kind.MODEL) {
            throw new RejectedRecordException(Rejection.WRONG_KIND, record.kind() + " does not belong here");
        }
        Moment moment = moment(id);
        if (!record.task().equals(moment.task().id())) {
            throw new RejectedRecordException(Rejection.WRONG_TASK, "the record is of another task than its key");
        }
        ModelAnnounced model = record.payload(ModelAnnounced.class);
        if (model.getWithdrawn() != null) {
            return rollback(record, state);
        }
        boolean start = model.getVersion() == 0 && model.getRound() == 0;
        String author = start ? Trust.OPERATOR : Trust.AGGREGATION;
        if (!record.signer().equals(author)) {
            throw new RejectedRecordException(
                    Rejection.UNKNOWN_SIGNER,
                    "version %d is %s's to announce, not %s's".formatted(model.getVersion(), author, record.signer()));
        }
        if (model.getSha256().remaining() != HASH || model.getLocation().isBlank()) {
            throw new RejectedRecordException(Rejection.BAD_MODEL, "a model has a sha256 of 32 bytes and a location");
        }
        if (start) {
            ModelRef origin = new ModelRef(0, AvroCodec.bytes(model.getSha256()), model.getLocation(), null);
            return state.start(origin, moment);
        }
        try {
            RoundId round = new RoundId(record.task(), model.getRound());
            return Decision.to(state, new Effect.Tell(Recipient.round(round), new RoundCommand.ModelReceived(value)));
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(Rejection.BAD_MODEL, "round " + model.getRound() + " is none", e);
        }
    }

    /** A rollback is for whoever serves: rounds go on from the newest model, and the line of versions stays as it is. */
    private static Decision<BlockState> rollback(SignedRecord record, BlockState state) throws RejectedRecordException {
        if (!record.signer().equals(Trust.OPERATOR)) {
            throw new RejectedRecordException(
                    Rejection.UNKNOWN_SIGNER,
                    "a rollback is %s's to announce, not %s's".formatted(Trust.OPERATOR, record.signer()));
        }
        return Decision.stay(state);
    }

    private Moment moment(String id) throws RejectedRecordException {
        CoordinatedTask task = tasks.get(id);
        if (task == null) {
            throw new RejectedRecordException(Rejection.WRONG_TASK, "a task of that key is not coordinated here");
        }
        return new Moment(task, clock.millis(), verifier);
    }

    private void keep(Context context, BlockState before, Decision<BlockState> decision) {
        if (decision.next() != before) {
            context.storage().set(Types.BLOCK, decision.next());
        }
        if (decision.next().getClass() != before.getClass()) {
            LOG.info(
                    "task {}: {} -> {}",
                    context.self().id(),
                    before.getClass().getSimpleName(),
                    decision.next().getClass().getSimpleName());
        }
        effects.run(context, decision.effects());
    }

    private static String reason(RejectedRecordException e) {
        return String.valueOf(e.getMessage());
    }
}
