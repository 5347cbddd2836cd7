package dev.sotto.coordination;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ModelStore;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Starts tasks: writes a task's version 0 and announces it, signed by the operator. Coordination takes it from there. */
public final class TaskStarter {
    private final ModelTopic models;
    private final IdentityKeyPair operator;

    /**
     * A starter.
     *
     * @param kafka properties of the clients, {@code bootstrap.servers} among them
     */
    public TaskStarter(Map<String, Object> kafka, IdentityKeyPair operator) {
        this.models = new ModelTopic(kafka);
        this.operator = operator;
    }

    /**
     * Starts a task from random values.
     *
     * @param seed of the adapter's random entries; no secret, and the same seed gives the same model
     * @return where version 0 lies
     * @throws IllegalStateException if the task has a model already
     * @throws IOException if the store or the broker refuses
     */
    public URI start(TaskDefinition task, ModelStore store, long seed) throws IOException, InterruptedException {
        return start(task, store, Checkpoint.initial(task, seed));
    }

    /**
     * Starts a task.
     *
     * @param version0 the task's
     * @return where version 0 lies
     * @throws IllegalStateException if the task has a model already
     * @throws IOException if the store or the broker refuses
     */
    public URI start(TaskDefinition task, ModelStore store, Checkpoint version0)
            throws IOException, InterruptedException {
        byte[] key = RecordKeys.task(task.id());
        if (hasModel(key)) {
            throw new IllegalStateException(
                    "task %s has a model in %s already; a fresh start is a task with another name"
                            .formatted(task.task(), Topics.MODELS.name()));
        }
        EnvelopeSigner signer = new EnvelopeSigner(Trust.OPERATOR, operator);
        Checkpoint initial = signer.sign(version0);
        URI location = store.put(initial);
        ModelAnnounced announced = ModelAnnounced.newBuilder()
                .setVersion(0)
                .setRound(0)
                .setLocation(location.toString())
                .setSha256(ByteBuffer.wrap(initial.sha256()))
                .setParent(ByteBuffer.allocate(0))
                .setSurvivors(List.of())
                .setRho(0)
                .setEpsilon(0)
                .setDelta(task.privacy().delta())
                .setAggregateHash(ByteBuffer.allocate(0))
                .build();
        byte[] value = signer.sealBytes(task.id(), Kind.MODEL, TranscriptPosition.START, announced);
        try {
            models.write(key, value);
        } catch (IOException e) {
            throw new IOException(
                    "version 0 lies at %s but could not be announced: %s".formatted(location, e.getMessage()), e);
        }
        return location;
    }

    private boolean hasModel(byte[] key) {
        boolean[] found = {false};
        models.read(record -> found[0] |= Arrays.equals(record.key(), key));
        return found[0];
    }
}
