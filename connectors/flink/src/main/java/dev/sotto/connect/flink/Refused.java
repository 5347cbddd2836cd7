package dev.sotto.connect.flink;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.DeadLetters;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.Topics;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.OutputTag;

/**
 * A record that was refused, as the dead letter it becomes.
 *
 * @param deadLetterTopic where it goes
 * @param reason why, for the counter
 * @param letter the dead letter's Avro binary
 */
public record Refused(String deadLetterTopic, Rejection reason, byte[] letter) {
    /** The type as Flink serializes it: by fields. */
    public static final TypeInformation<Refused> TYPE = Types.POJO(Refused.class);

    /** The side output on which every operator hands out what it refuses. */
    public static final OutputTag<Refused> TAG = new OutputTag<>("refused", TYPE);

    /** A protocol record, kept whole. */
    public static Refused of(RawRecord record, Rejection reason, String detail) {
        return new Refused(
                Topics.named(record.topic()).deadLetters(),
                reason,
                AvroCodec.encode(DeadLetters.of(
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        record.timestamp(),
                        record.key(),
                        record.value(),
                        reason,
                        detail)));
    }

    /** A protocol record, kept whole. */
    public static Refused of(RawRecord record, RejectedRecordException rejected) {
        return of(record, rejected.rejection(), String.valueOf(rejected.getMessage()));
    }

    /** A text record, or any whose value is not to be repeated: coordinates, hash and reason alone. */
    public static Refused withoutValue(RawRecord record, Rejection reason, String detail) {
        return new Refused(
                Topics.named(record.topic()).deadLetters(),
                reason,
                AvroCodec.encode(DeadLetters.ofText(
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        record.timestamp(),
                        record.value(),
                        reason,
                        detail)));
    }

    @Override
    public String toString() {
        return reason + " to " + deadLetterTopic;
    }
}
