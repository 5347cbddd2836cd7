package dev.sotto.coordination.function;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.DeadLetters;
import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.coordination.protocol.Effect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.statefun.sdk.java.Context;
import org.apache.flink.statefun.sdk.java.io.KafkaEgressMessage;
import org.apache.flink.statefun.sdk.java.message.MessageBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what a decision wants done; signs what is published. Thread-safe. */
final class EffectRunner {
    private static final Logger LOG = LoggerFactory.getLogger(EffectRunner.class);

    /** The runtime does not tell a function where a record lay. */
    private static final int NOT_TOLD = -1;

    private final EnvelopeSigner signer;

    EffectRunner(EnvelopeSigner signer) {
        this.signer = signer;
    }

    void run(Context context, List<Effect> effects) {
        effects.forEach(effect -> run(context, effect));
    }

    void run(Context context, Effect effect) {
        if (effect instanceof Effect.Tell tell) {
            context.send(MessageBuilder.forAddress(
                            Types.function(tell.to().role()), tell.to().id())
                    .withCustomType(Types.COMMAND, tell.command())
                    .build());
        } else if (effect instanceof Effect.Later later) {
            context.sendAfter(
                    later.delay(),
                    MessageBuilder.forAddress(context.self())
                            .withCustomType(Types.COMMAND, later.command())
                            .build());
        } else if (effect instanceof Effect.Publish publish) {
            emit(
                    context,
                    publish.topic().name(),
                    publish.key(),
                    signer.sealBytes(publish.task(), publish.kind(), publish.position(), publish.payload()));
        } else if (effect instanceof Effect.Refuse refuse) {
            refuse(context, refuse);
        } else if (effect instanceof Effect.Report report) {
            LOG.warn("{}", report.what());
        }
    }

    private static void refuse(Context context, Effect.Refuse refuse) {
        LOG.warn(
                "refused a record of {} under key {}: {}, {}",
                refuse.topic().name(),
                refuse.key(),
                refuse.reason(),
                refuse.detail());
        byte[] key = refuse.key().getBytes(StandardCharsets.UTF_8);
        emit(
                context,
                refuse.topic().deadLetters(),
                key,
                AvroCodec.encode(DeadLetters.of(
                        refuse.topic().name(),
                        NOT_TOLD,
                        NOT_TOLD,
                        NOT_TOLD,
                        key,
                        refuse.value(),
                        refuse.reason(),
                        refuse.detail())));
    }

    static void emit(Context context, String topic, byte[] key, byte[] value) {
        context.send(KafkaEgressMessage.forEgress(Types.EGRESS)
                .withTopic(topic)
                .withKey(key)
                .withValue(value)
                .build());
    }
}
