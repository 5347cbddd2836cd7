package dev.sotto.coordination.function;

import dev.sotto.coordination.protocol.CoordinatedTask;
import dev.sotto.coordination.protocol.Effect;
import dev.sotto.coordination.protocol.LedgerCommand;
import dev.sotto.coordination.protocol.LedgerDesk;
import dev.sotto.coordination.protocol.Recipient;
import dev.sotto.privacy.LedgerChain;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.statefun.sdk.java.Context;
import org.apache.flink.statefun.sdk.java.StatefulFunction;
import org.apache.flink.statefun.sdk.java.StatefulFunctionSpec;
import org.apache.flink.statefun.sdk.java.message.Message;

/** {@code sotto/ledger}, one a task: the only writer of {@code fl.ledger}. */
public final class LedgerFunction implements StatefulFunction {
    private final Map<String, CoordinatedTask> tasks;
    private final EffectRunner effects;

    LedgerFunction(Map<String, CoordinatedTask> tasks, EffectRunner effects) {
        this.tasks = tasks;
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
        CoordinatedTask task = tasks.get(context.self().id());
        if (task == null) {
            throw new IllegalStateException(
                    "task " + context.self().id() + " has a ledger but no definition; add its file to 'tasks'");
        }
        byte[] before = context.storage().get(Types.LEDGER).orElse(new byte[0]);
        LedgerChain chain = before.length == 0
                ? LedgerChain.open(task.id().value(), task.budget())
                : LedgerChain.deserialize(before);
        List<Effect> decided = new LedgerDesk(task, chain).decide((LedgerCommand) message.as(Types.COMMAND));
        byte[] after = chain.serialize();
        if (!Arrays.equals(before, after)) {
            context.storage().set(Types.LEDGER, after);
        }
        effects.run(context, decided);
        return context.done();
    }
}
