package dev.sotto.coordination;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.ServingTurn;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ModelManifest;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import dev.sotto.secagg.TaskId;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code fl.models} says is to serve, as the scoring job reads it, and the operator's way to change it: a rollback, which
 * stores nothing, deletes nothing and releases nothing.
 */
public final class ServingLine {
    private final TaskId task;
    private final ModelTopic models;
    private final EnvelopeVerifier verifier;

    /**
     * A task's line.
     *
     * @param kafka properties of the clients, {@code bootstrap.servers} among them
     * @param trust who may announce models
     */
    public ServingLine(TaskId task, Map<String, Object> kafka, Trust trust) {
        this.task = task;
        this.models = new ModelTopic(kafka);
        this.verifier = new EnvelopeVerifier(trust);
    }

    /** The turn that serves when everything announced was read; empty if no model was announced that can be believed. */
    public Optional<ServingTurn> newest() {
        ServingTurn[] newest = {null};
        models.read(record -> {
            byte[] value = record.value();
            if (value != null) {
                turn(value)
                        .filter(turn -> newest[0] == null || turn.isAfter(newest[0]))
                        .ifPresent(turn -> newest[0] = turn);
            }
        });
        return Optional.ofNullable(newest[0]);
    }

    /** What nobody should believe, scoring jobs do not either; they tell of it. */
    private Optional<ServingTurn> turn(byte[] value) {
        try {
            SignedRecord record = verifier.open(value);
            if (record.kind() != Kind.MODEL || !record.task().equals(task)) {
                return Optional.empty();
            }
            ModelAnnounced announced = record.payload(ModelAnnounced.class);
            boolean believed =
                    announced.getWithdrawn() == null || record.signer().equals(Trust.OPERATOR);
            return believed ? Optional.of(ServingTurn.of(announced)) : Optional.empty();
        } catch (RejectedRecordException e) {
            return Optional.empty();
        }
    }

    /**
     * Announces that an older version serves again.
     *
     * @param back the version, as it lies in the store
     * @param location where it lies
     * @param withdrawn the last version that serves no more, at least that of {@code back}
     * @param operator the operator's key
     * @throws IOException if the broker refuses
     */
    public void rollBack(Checkpoint back, URI location, int withdrawn, IdentityKeyPair operator)
            throws IOException, InterruptedException {
        ModelManifest manifest = back.manifest();
        ModelAnnounced announced = ModelAnnounced.newBuilder()
                .setVersion(manifest.version())
                .setRound(manifest.round())
                .setLocation(location.toString())
                .setSha256(ByteBuffer.wrap(back.sha256()))
                .setParent(ByteBuffer.wrap(HexFormat.of().parseHex(manifest.parent())))
                .setSurvivors(List.of())
                .setRho(manifest.rho())
                .setEpsilon(manifest.epsilon())
                .setDelta(manifest.delta())
                .setAggregateHash(ByteBuffer.allocate(0))
                .setWithdrawn(withdrawn)
                .build();
        byte[] value = new EnvelopeSigner(Trust.OPERATOR, operator)
                .sealBytes(task, Kind.MODEL, TranscriptPosition.START, announced);
        models.write(RecordKeys.rollback(task), value);
    }
}
