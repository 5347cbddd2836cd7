package dev.sotto.coordination.function;

import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.LedgerRecord;
import dev.sotto.coordination.protocol.CoordinatedTask;
import dev.sotto.coordination.protocol.Decision;
import dev.sotto.coordination.protocol.Effect;
import dev.sotto.coordination.protocol.LedgerBook;
import dev.sotto.coordination.protocol.LedgerCommand;
import dev.sotto.coordination.protocol.LedgerDesk;
import dev.sotto.coordination.protocol.Recipient;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.statefun.sdk.java.Context;
import org.apache.flink.statefun.sdk.java.StatefulFunction;
import org.apache.flink.statefun.sdk.java.StatefulFunctionSpec;
import org.apache.flink.statefun.sdk.java.message.Message;

/** {@code sotto/ledger}, one a task: the only writer of {@code fl.ledger}, which it reads back. */
public final class LedgerFunction implements StatefulFunction {
    private final Map<String, CoordinatedTask> tasks;
    private final EnvelopeVerifier verifier;
    private final EffectRunner effects;

    LedgerFunction(Map<String, CoordinatedTask> tasks, EnvelopeVerifier verifier, EffectRunner effects) {
        this.tasks = tasks;
        this.verifier = verifier;
        this.effects = effects;
    }

    StatefulFunctionSpec spec() {
        return StatefulFunctionSpec.builder(Types.function(Recipient.Role.LEDGER))
                .withValueSpec(Types.LEDGER)
                .withSupplier(() -> this)
                .build();
    }

    @Override
    public CompletableFuture<Void> apply(Context context, Message message) {
        String id = context.self().id();
        LedgerBook book = context.storage().get(Types.LEDGER).orElse(LedgerBook.EMPTY);
        if (message.is(Types.BYTES)) {
            byte[] value = message.as(Types.BYTES);
            try {
                keep(context, book, readBack(id, value, book));
            } catch (RejectedRecordException e) {
                effects.run(
                        context,
                        new Effect.Refuse(Topics.LEDGER, id, value, e.rejection(), String.valueOf(e.getMessage())));
            }
            return context.done();
        }
        CoordinatedTask task = tasks.get(id);
        if (task == null) {
            throw new IllegalStateException("task " + id + " has a ledger but no definition; add its file to 'tasks'");
        }
        keep(context, book, new LedgerDesk(task).decide(book, (LedgerCommand) message.as(Types.COMMAND)));
        return context.done();
    }

    private Decision<LedgerBook> readBack(String id, byte[] value, LedgerBook book) throws RejectedRecordException {
        SignedRecord record = verifier.open(value);
        if (record.kind() != Kind.LEDGER) {
            throw new RejectedRecordException(
                    Rejection.WRONG_KIND, record.kind() + " does not belong into " + Topics.LEDGER.name());
        }
        if (!record.task().value().equals(id)) {
            throw new RejectedRecordException(Rejection.WRONG_TASK, "the record is of another task than its key");
        }
        CoordinatedTask task = tasks.get(id);
        // The ledgers of tasks of the past stay in the topic when their files are gone.
        return task == null
                ? Decision.stay(book)
                : new LedgerDesk(task).readBack(book, record.payload(LedgerRecord.class));
    }

    private void keep(Context context, LedgerBook before, Decision<LedgerBook> decision) {
        if (decision.next() != before) {
            context.storage().set(Types.LEDGER, decision.next());
        }
        effects.run(context, decision.effects());
    }
}
