package dev.sotto.scoring;

import dev.sotto.bert.BaseModel;
import dev.sotto.bert.Example;
import dev.sotto.bert.LocalTrainer;
import dev.sotto.bert.TrainingListener;
import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.StrictYaml;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A task, the keys of its servers and two real versions of its model: the starting point and one trained on a few lines. */
final class TestModels {
    static final TaskDefinition TASK = task();
    static final ServedTask SERVED = ServedTask.of(TASK, Optional.empty());
    static final IdentityKeyPair OPERATOR = IdentityKeyPair.generate(new SecureRandom());
    static final IdentityKeyPair AGGREGATION = IdentityKeyPair.generate(new SecureRandom());
    static final Trust TRUST = new Trust(
            Map.of(),
            Map.of(
                    Trust.OPERATOR, OPERATOR.publicKey().toBase64(),
                    Trust.AGGREGATION, AGGREGATION.publicKey().toBase64()));
    static final Checkpoint INITIAL = Checkpoint.initial(TASK, 7);

    private static final int PASSES = 8;
    private static Checkpoint trained;

    private TestModels() {}

    private static TaskDefinition task() {
        try (InputStream in = TestModels.class.getResourceAsStream("/task.yaml")) {
            return StrictYaml.read(in, "task.yaml", TaskDefinition.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Version 1: some passes over the lines of training.tsv. */
    static synchronized Checkpoint trained() throws IOException {
        if (trained == null) {
            float[] parameters = INITIAL.vector();
            try (LocalTrainer trainer = LocalTrainer.compile(BaseModel.load(TASK.base()), TASK.design())) {
                for (int pass = 0; pass < PASSES; pass++) {
                    parameters = trainer.train(examples(), parameters, TASK.training(), pass, TrainingListener.NONE)
                            .parameters();
                }
            }
            trained = child(INITIAL, parameters);
        }
        return trained;
    }

    /** The next version after a checkpoint, with these parameters. */
    static Checkpoint child(Checkpoint parent, float[] parameters) {
        int version = parent.manifest().version() + 1;
        return Checkpoint.create(TASK, version, version, parent.manifest().sha256(), 3, 0.1, 1, parameters);
    }

    private static List<Example> examples() throws IOException {
        try (InputStream in = TestModels.class.getResourceAsStream("/training.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\t", 2))
                    .map(cells -> new Example(cells[1], SERVED.labels().indexOf(cells[0])))
                    .toList();
        }
    }

    static ModelAnnounced announcement(Checkpoint checkpoint, URI location) {
        return ModelAnnounced.newBuilder()
                .setVersion(checkpoint.manifest().version())
                .setRound(checkpoint.manifest().round())
                .setLocation(location.toString())
                .setSha256(ByteBuffer.wrap(checkpoint.sha256()))
                .setParent(ByteBuffer.wrap(
                        HexFormat.of().parseHex(checkpoint.manifest().parent())))
                .setSurvivors(List.of())
                .setRho(checkpoint.manifest().rho())
                .setEpsilon(checkpoint.manifest().epsilon())
                .setDelta(checkpoint.manifest().delta())
                .setAggregateHash(ByteBuffer.allocate(0))
                .build();
    }

    /** A record's value on {@code fl.models}. */
    static byte[] signed(ModelAnnounced announced, String signer, IdentityKeyPair key) {
        return new EnvelopeSigner(signer, key).sealBytes(TASK.id(), Kind.MODEL, TranscriptPosition.START, announced);
    }

    /** As the operator announces that a version serves again instead of all up to another. */
    static byte[] rollback(Checkpoint checkpoint, URI location, int withdrawn) {
        ModelAnnounced announced = announcement(checkpoint, location);
        announced.setWithdrawn(withdrawn);
        return signed(announced, Trust.OPERATOR, OPERATOR);
    }

    /** As the operator announces the starting point, and aggregation every other. */
    static byte[] announced(Checkpoint checkpoint, URI location) {
        return checkpoint.manifest().version() == 0
                ? signed(announcement(checkpoint, location), Trust.OPERATOR, OPERATOR)
                : signed(announcement(checkpoint, location), Trust.AGGREGATION, AGGREGATION);
    }
}
