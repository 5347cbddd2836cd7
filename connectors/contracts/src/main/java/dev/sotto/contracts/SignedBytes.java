package dev.sotto.contracts;

import dev.sotto.contracts.avro.Envelope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The bytes of an envelope that are signed and hashed: every field but the signature, each with its length in front. */
final class SignedBytes {
    static final String DOMAIN = "sotto/record/v1";

    private SignedBytes() {}

    static byte[] of(Envelope envelope) {
        byte[] task = envelope.getTask().getBytes(StandardCharsets.UTF_8);
        byte[] kind = envelope.getKind().name().getBytes(StandardCharsets.UTF_8);
        byte[] signer = envelope.getSigner().getBytes(StandardCharsets.UTF_8);
        byte[] head = AvroCodec.bytes(envelope.getHead());
        byte[] payload = AvroCodec.bytes(envelope.getPayload());
        ByteBuffer out = ByteBuffer.allocate(5 * Integer.BYTES
                + Long.BYTES
                + task.length
                + kind.length
                + signer.length
                + head.length
                + payload.length);
        for (byte[] part : new byte[][] {task, kind, signer}) {
            out.putInt(part.length).put(part);
        }
        out.putLong(envelope.getSequence());
        for (byte[] part : new byte[][] {head, payload}) {
            out.putInt(part.length).put(part);
        }
        return out.array();
    }

    /** SHA-256 of the signed bytes: a link of the transcript's chain. */
    static byte[] hash(Envelope envelope) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(of(envelope));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
