package dev.sotto.contracts.audit;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.avro.Envelope;
import dev.sotto.secagg.TaskId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A record as it lies in a topic, believed by nobody yet.
 *
 * @param topic {@code fl.rounds} or {@code fl.ledger}
 * @param offset its place in the topic's only partition
 * @param key its key; null if it has none
 * @param value its value; null if it asks to forget the key
 */
public record TranscriptEntry(String topic, long offset, byte @Nullable [] key, byte @Nullable [] value) {
    /** Whether its key or its value names the task: either is enough to make it part of the task's history. */
    public boolean concerns(TaskId task) {
        if (keyText().startsWith(task.value() + "/")) {
            return true;
        }
        Envelope envelope = envelope();
        return envelope != null && envelope.getTask().equals(task.value());
    }

    String keyText() {
        return key == null ? "" : new String(key, StandardCharsets.UTF_8);
    }

    /** What it claims to be, with whatever signature; null if it is no envelope. */
    @Nullable
    Envelope envelope() {
        if (value == null) {
            return null;
        }
        try {
            return AvroCodec.decode(value, Envelope.class);
        } catch (RejectedRecordException e) {
            return null;
        }
    }
}
