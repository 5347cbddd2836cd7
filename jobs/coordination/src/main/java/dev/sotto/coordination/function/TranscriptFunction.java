package dev.sotto.coordination.function;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.coordination.protocol.Recipient;
import dev.sotto.coordination.protocol.TranscriptCommand;
import dev.sotto.coordination.protocol.Written;
import dev.sotto.secagg.TaskId;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.statefun.sdk.java.Address;
import org.apache.flink.statefun.sdk.java.Context;
import org.apache.flink.statefun.sdk.java.StatefulFunction;
import org.apache.flink.statefun.sdk.java.StatefulFunctionSpec;
import org.apache.flink.statefun.sdk.java.message.Message;
import org.apache.flink.statefun.sdk.java.message.MessageBuilder;

/**
 * {@code sotto/transcript}, one a task: the only writer of {@code fl.rounds}. Numbers each record, chains it to the one
 * before, signs it and tells the asker where it stands.
 */
public final class TranscriptFunction implements StatefulFunction {
    private final EnvelopeSigner signer;
    private final EnvelopeVerifier verifier;

    TranscriptFunction(EnvelopeSigner signer, EnvelopeVerifier verifier) {
        this.signer = signer;
        this.verifier = verifier;
    }

    StatefulFunctionSpec spec() {
        return StatefulFunctionSpec.builder(Types.function(Recipient.Role.TRANSCRIPT))
                .withValueSpec(Types.POSITION)
                .withSupplier(() -> this)
                .build();
    }

    @Override
    public CompletableFuture<Void> apply(Context context, Message message) throws RejectedRecordException {
        TranscriptCommand.Append append = (TranscriptCommand.Append) message.as(Types.COMMAND);
        TaskId task = new TaskId(context.self().id());
        TranscriptPosition own = context.storage()
                .get(Types.POSITION)
                .orElse(TranscriptPosition.START)
                .next();
        byte[] value = signer.sealBytes(
                task, append.kind(), own, AvroCodec.decode(append.payload(), TranscriptKinds.payloadOf(append.kind())));
        // Opened again before it leaves: a record that no reader would believe must not become a link.
        SignedRecord record = verifier.open(value);
        context.storage().set(Types.POSITION, record.reached());
        byte[] key = RecordKeys.transcript(task, own.sequence()).getBytes(StandardCharsets.UTF_8);
        EffectRunner.emit(context, Topics.ROUNDS.name(), key, value);
        Address asker = context.caller()
                .orElseThrow(() -> new IllegalStateException("only functions ask for transcript records"));
        context.send(MessageBuilder.forAddress(asker)
                .withCustomType(Types.COMMAND, new Written(append.kind(), record.reached()))
                .build());
        return context.done();
    }
}
