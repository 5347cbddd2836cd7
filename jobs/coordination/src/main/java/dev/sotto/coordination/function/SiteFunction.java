package dev.sotto.coordination.function;

import dev.sotto.coordination.protocol.Command;
import dev.sotto.coordination.protocol.Decision;
import dev.sotto.coordination.protocol.Recipient;
import dev.sotto.coordination.protocol.SiteCommand;
import dev.sotto.coordination.protocol.SiteDesk;
import dev.sotto.coordination.protocol.SiteStanding;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.statefun.sdk.java.Context;
import org.apache.flink.statefun.sdk.java.StatefulFunction;
import org.apache.flink.statefun.sdk.java.StatefulFunctionSpec;
import org.apache.flink.statefun.sdk.java.message.Message;

/** {@code sotto/site}, one a site: the door for everything in {@code fl.sites}, and the writer of its dead letters. */
public final class SiteFunction implements StatefulFunction {
    private final SiteDesk desk;
    private final EffectRunner effects;

    SiteFunction(SiteDesk desk, EffectRunner effects) {
        this.desk = desk;
        this.effects = effects;
    }

    StatefulFunctionSpec spec() {
        return StatefulFunctionSpec.builder(Types.function(Recipient.Role.SITE))
                .withValueSpec(Types.STANDING)
                .withSupplier(() -> this)
                .build();
    }

    @Override
    public CompletableFuture<Void> apply(Context context, Message message) {
        SiteStanding standing = context.storage().get(Types.STANDING).orElse(SiteStanding.NEW);
        String key = context.self().id();
        Decision<SiteStanding> decision;
        if (message.is(Types.BYTES)) {
            decision = desk.receive(key, message.as(Types.BYTES), standing);
        } else {
            Command command = message.as(Types.COMMAND);
            decision = desk.told(key, (SiteCommand) command, standing);
        }
        if (!decision.next().equals(standing)) {
            context.storage().set(Types.STANDING, decision.next());
        }
        effects.run(context, decision.effects());
        return context.done();
    }
}
