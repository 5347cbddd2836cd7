package dev.sotto.contracts;

import dev.sotto.contracts.avro.DeadLetter;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** Makes dead letters: what was refused, where it was and why. Stateless. */
public final class DeadLetters {
    private DeadLetters() {}

    /** A protocol record with its bytes, which are masked or signed and hold no personal data. */
    public static DeadLetter of(
            String topic,
            int partition,
            long offset,
            long timestamp,
            byte @Nullable [] key,
            byte[] value,
            Rejection reason,
            String detail) {
        return letter(topic, partition, offset, timestamp, value, reason, detail)
                .setKey(key == null ? null : ByteBuffer.wrap(key))
                .setValue(ByteBuffer.wrap(value))
                .build();
    }

    /** A text record: coordinates and hash alone, since its bytes may hold personal data and stay in the source topic. */
    public static DeadLetter ofText(
            String topic, int partition, long offset, long timestamp, byte[] value, Rejection reason, String detail) {
        return letter(topic, partition, offset, timestamp, value, reason, detail)
                .setKey(null)
                .setValue(null)
                .build();
    }

    private static DeadLetter.Builder letter(
            String topic, int partition, long offset, long timestamp, byte[] value, Rejection reason, String detail) {
        return DeadLetter.newBuilder()
                .setTopic(topic)
                .setPartition(partition)
                .setOffset(offset)
                .setTimestamp(timestamp)
                .setReason(reason.name())
                .setDetail(detail)
                .setSha256(ByteBuffer.wrap(sha256(value)))
                .setSize(value.length);
    }

    private static byte[] sha256(byte[] value) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(value);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
