package dev.sotto.scoring;

import dev.sotto.bert.TextPair;
import dev.sotto.bert.Variant;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.ServingTurn;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ModelManifest;
import dev.sotto.federation.ModelStore;
import dev.sotto.federation.Trust;
import java.io.IOException;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an announced model may serve: signed by who may, newer than the one in place and its child or an older one that the
 * operator brings back, its files there and unharmed, made for this task, and able to score. What it accepts it holds compiled, so that in one JVM the
 * scorers find it ready. Not thread-safe.
 */
final class ModelCheck implements AutoCloseable {
    private static final String PROBE = "probe";
    private static final int HASH = 32;

    private final ServedTask task;
    private final EnvelopeVerifier verifier;
    private final ModelStore store;
    private final VariantGate gate;
    private SharedScorers.@Nullable Lease held;

    ModelCheck(ServedTask task, EnvelopeVerifier verifier, ModelStore store, VariantRule variant) {
        this.task = task;
        this.verifier = verifier;
        this.store = store;
        this.gate = new VariantGate(variant, task.head());
    }

    /**
     * Checks a record of {@code fl.models}.
     *
     * @param current the model in place, if there is one
     * @return the model to move to; empty if the record is about another task, or tells again what is in place
     * @throws RejectedRecordException if the model must not serve
     */
    Optional<ModelUpdate> check(byte[] value, @Nullable ModelUpdate current) throws RejectedRecordException {
        SignedRecord record = verifier.open(value);
        if (record.kind() != Kind.MODEL) {
            throw new RejectedRecordException(
                    Rejection.WRONG_KIND, "a %s does not belong into this topic".formatted(record.kind()));
        }
        if (!record.task().value().equals(task.task())) {
            return Optional.empty();
        }
        ModelAnnounced announced = record.payload(ModelAnnounced.class);
        requireOperator(record, announced);
        ModelUpdate update = update(announced);
        if (update.sameModel(current) || withdrawn(update, current)) {
            return Optional.empty();
        }
        if (current != null) {
            requireSuccessor(announced, update, current);
        }
        return Optional.of(update.in(accept(fetch(update, announced))));
    }

    private static void requireOperator(SignedRecord record, ModelAnnounced announced) throws RejectedRecordException {
        if (announced.getWithdrawn() != null && !record.signer().equals(Trust.OPERATOR)) {
            throw new RejectedRecordException(
                    Rejection.UNKNOWN_SIGNER,
                    "a rollback to version %d is the operator's to announce, not %s's"
                            .formatted(announced.getVersion(), record.signer()));
        }
    }

    /** Whether a rollback holds a version back that it names; that is as the operator wants it, and nothing to be told of. */
    private static boolean withdrawn(ModelUpdate update, @Nullable ModelUpdate current) {
        return current != null
                && update.reach() == update.version()
                && update.version() > current.version()
                && update.version() <= current.reach();
    }

    private static ModelUpdate update(ModelAnnounced announced) throws RejectedRecordException {
        int version = announced.getVersion();
        int length = announced.getSha256().remaining();
        if (version < 0 || length != HASH) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD,
                    "the version is %d and its sha256 has %d bytes; expected at least 0 and %d bytes"
                            .formatted(version, length, HASH));
        }
        try {
            String location = URI.create(announced.getLocation()).toString();
            return new ModelUpdate(
                    version,
                    location,
                    hex(AvroCodec.bytes(announced.getSha256())),
                    ServingTurn.of(announced).reach(),
                    Variant.FP32);
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD, "the location of version %d is not a URI".formatted(version), e);
        }
    }

    private static void requireSuccessor(ModelAnnounced announced, ModelUpdate update, ModelUpdate current)
            throws RejectedRecordException {
        if (!update.isAfter(current)) {
            throw new RejectedRecordException(Rejection.CONFLICT, late(update, current));
        }
        // Compaction may have removed the versions between, so only a direct child can be held against its parent.
        if (current.reach() == current.version()
                && update.version() == current.version() + 1
                && !hex(AvroCodec.bytes(announced.getParent())).equals(current.sha256())) {
            throw new RejectedRecordException(
                    Rejection.BAD_MODEL,
                    "version %d names another parent than version %d, which is in place"
                            .formatted(update.version(), current.version()));
        }
    }

    private static String late(ModelUpdate update, ModelUpdate current) {
        if (update.reach() == update.version()) {
            return "version %d is not newer than version %d, which is in place"
                    .formatted(update.version(), current.version());
        }
        return "the rollback to version %d withdraws versions up to %d, but version %d is in place and stands in for those up to %d; roll back again"
                .formatted(update.version(), update.reach(), current.version(), current.reach());
    }

    private Checkpoint fetch(ModelUpdate update, ModelAnnounced announced) throws RejectedRecordException {
        Checkpoint checkpoint;
        try {
            checkpoint = store.get(update.uri(), update.hash());
        } catch (IOException | RuntimeException e) {
            throw new RejectedRecordException(
                    Rejection.BAD_MODEL,
                    "version %d cannot be read from the store, or is not what was announced: %s"
                            .formatted(update.version(), e.getMessage()),
                    e);
        }
        ModelManifest manifest = checkpoint.manifest();
        Optional<String> objection = objection(manifest, update, announced);
        if (objection.isPresent()) {
            throw new RejectedRecordException(
                    Rejection.BAD_MODEL, "version %d: %s".formatted(update.version(), objection.get()));
        }
        return checkpoint;
    }

    private Optional<String> objection(ModelManifest manifest, ModelUpdate update, ModelAnnounced announced) {
        if (manifest.version() != update.version()) {
            return Optional.of("the manifest's version is " + manifest.version());
        }
        if (!manifest.parent().equals(hex(AvroCodec.bytes(announced.getParent())))) {
            return Optional.of("the manifest's parent is not the announced one");
        }
        return task.objection(manifest);
    }

    /** Compiles the model, asks it once and says which arithmetic it serves in. */
    private Variant accept(Checkpoint checkpoint) throws RejectedRecordException {
        int version = checkpoint.manifest().version();
        SharedScorers.Lease lease = null;
        try {
            lease = gate.open(checkpoint);
            double sum = 0;
            for (float probability : lease.scorer().probabilities(task.head(), List.of(TextPair.of(PROBE)))[0]) {
                sum += probability;
            }
            if (!(Math.abs(sum - 1) < 1e-3)) {
                throw new IllegalArgumentException("its probabilities sum to " + sum);
            }
        } catch (IOException | RuntimeException e) {
            if (lease != null) {
                lease.close();
            }
            throw new RejectedRecordException(
                    Rejection.BAD_MODEL, "version %d cannot score: %s".formatted(version, e.getMessage()), e);
        }
        close();
        held = lease;
        return lease.variant();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public void close() {
        if (held != null) {
            held.close();
            held = null;
        }
    }
}
