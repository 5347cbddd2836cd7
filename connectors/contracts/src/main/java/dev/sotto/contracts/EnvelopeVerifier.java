package dev.sotto.contracts;

import dev.sotto.contracts.avro.Envelope;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityPublicKey;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Opens envelopes: a record is believed only if its kind may come from its signer and the signature holds under the key
 * that the trust file gives the signer. Thread-safe.
 */
public final class EnvelopeVerifier {
    private static final Set<Kind> BY_SITES =
            EnumSet.of(Kind.ENROL, Kind.REVEAL, Kind.BUNDLE, Kind.UNMASK, Kind.INTENT, Kind.MANIFEST);
    private static final Set<Kind> BY_AGGREGATION = EnumSet.of(Kind.ARRIVAL, Kind.WINDOW_CLOSED, Kind.MODEL);
    private static final int HASH = 32;

    private final Trust trust;

    public EnvelopeVerifier(Trust trust) {
        this.trust = trust;
    }

    /**
     * Opens a value.
     *
     * @throws RejectedRecordException with the reason, if it cannot be believed
     */
    public SignedRecord open(byte[] value) throws RejectedRecordException {
        Envelope envelope = AvroCodec.decode(value, Envelope.class);
        TaskId task;
        try {
            task = new TaskId(envelope.getTask());
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(Rejection.INVALID_FIELD, "the task's id is not one", e);
        }
        if (envelope.getHead().remaining() != HASH || envelope.getSequence() < 0) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD,
                    "the transcript position is sequence %d with a head of %d bytes; expected at least 0 and 32 bytes"
                            .formatted(
                                    envelope.getSequence(), envelope.getHead().remaining()));
        }
        IdentityPublicKey key = key(envelope)
                .orElseThrow(() -> new RejectedRecordException(
                        Rejection.UNKNOWN_SIGNER,
                        "no trusted key for the signer of this %s".formatted(envelope.getKind())));
        if (!key.verify(SignedBytes.DOMAIN, SignedBytes.of(envelope), AvroCodec.bytes(envelope.getSignature()))) {
            throw new RejectedRecordException(
                    Rejection.BAD_SIGNATURE,
                    "the signature of this %s does not hold under the key of %s"
                            .formatted(envelope.getKind(), envelope.getSigner()));
        }
        return new SignedRecord(envelope, task, value.clone());
    }

    private Optional<IdentityPublicKey> key(Envelope envelope) {
        String signer = envelope.getSigner();
        if (BY_SITES.contains(envelope.getKind())) {
            return siteId(signer).flatMap(trust::site);
        }
        boolean may = BY_AGGREGATION.contains(envelope.getKind())
                ? signer.equals(Trust.AGGREGATION)
                        || (envelope.getKind() == Kind.MODEL && signer.equals(Trust.OPERATOR))
                : signer.equals(Trust.COORDINATION);
        return may ? trust.server(signer) : Optional.empty();
    }

    private static Optional<SiteId> siteId(String signer) {
        try {
            return Optional.of(new SiteId(signer));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
