package dev.sotto.simulation;

import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** What the operator of a task does: puts the first model into the store and announces it. Stateless. */
final class TaskStart {
    private TaskStart() {}

    static void run(TaskDefinition task, Cast cast, MemoryModels models, Broker broker) throws IOException {
        Checkpoint initial = cast.signer(Trust.OPERATOR).sign(Checkpoint.initial(task, 1));
        ModelAnnounced announced = ModelAnnounced.newBuilder()
                .setVersion(0)
                .setRound(0)
                .setLocation(models.put(initial).toString())
                .setSha256(ByteBuffer.wrap(initial.sha256()))
                .setParent(ByteBuffer.allocate(0))
                .setSurvivors(List.of())
                .setRho(0)
                .setEpsilon(0)
                .setDelta(task.privacy().delta())
                .setAggregateHash(ByteBuffer.allocate(0))
                .build();
        byte[] value =
                cast.signer(Trust.OPERATOR).sealBytes(task.id(), Kind.MODEL, TranscriptPosition.START, announced);
        broker.append(Topics.MODELS.name(), RecordKeys.task(task.id()), value);
    }
}
