package dev.sotto.quickstart.model;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.IdentityFile;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.federation.StrictYaml;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import picocli.CommandLine;

/** A store with version 0 and signed children of it, with the keys and the trust file of their publishers. */
final class PublishedModels {
    private static final String TASK =
            """
            task: mood
            base: {name: all-minilm-l6-v2, layers: 2, hidden: 64}
            heads: [{name: sentiment, kind: text, labels: [negative, neutral, positive]}]
            maxTokens: 48
            adapter: {rank: 4, alpha: 8, layers: [1]}
            training: {examplesPerRound: 240, batch: 16, learningRate: 0.002, headLearningRate: 0.004, warmupBatches: 10, priorCorrection: true}
            rounds: {count: 3, perBlock: 4, minCohort: 3, minSurvivors: 3, enrolSeconds: 30, bundleSeconds: 30, uploadSeconds: 120, unmaskSeconds: 30}
            encoding: {ringBits: 32, chunkEntries: 256, clipNorm: 4.0, scale: 65536}
            privacy: {mode: central, noiseMultiplier: 0.01, delta: 1.0e-5, budgetEpsilon: 100000}
            """;

    /** What a command said and how it ended. */
    record Run(int code, String out, String err) {}

    final TaskDefinition task = StrictYaml.read(
            new ByteArrayInputStream(TASK.getBytes(StandardCharsets.UTF_8)), "task.yaml", TaskDefinition.class);
    final IdentityKeyPair operatorKey = IdentityKeyPair.generate(new SecureRandom());
    final EnvelopeSigner operator = new EnvelopeSigner(Trust.OPERATOR, operatorKey);
    final EnvelopeSigner aggregation;
    final List<Checkpoint> models = new ArrayList<>();
    final Path directory;
    final Path store;
    final Path trust;
    final Path identity;

    PublishedModels(Path directory, int versions) throws IOException {
        this.directory = directory;
        this.store = directory.resolve("models");
        this.trust = directory.resolve("trust.yaml");
        this.identity = directory.resolve("operator.key");
        IdentityKeyPair aggregationKey = IdentityKeyPair.generate(new SecureRandom());
        aggregation = new EnvelopeSigner(Trust.AGGREGATION, aggregationKey);
        IdentityFile.create(identity, operatorKey);
        Files.writeString(
                trust,
                "sites: {}\nservers: {operator: \"%s\", aggregation: \"%s\"}\n"
                        .formatted(
                                operatorKey.publicKey().toBase64(),
                                aggregationKey.publicKey().toBase64()));
        models.add(operator.sign(Checkpoint.initial(task, 1)));
        for (int version = 1; version < versions; version++) {
            models.add(child(models.get(version - 1), version));
        }
        LocalModelStore writer = new LocalModelStore(store);
        for (Checkpoint model : models) {
            writer.put(model);
        }
    }

    Checkpoint child(Checkpoint parent, int version) throws IOException {
        float[] vector = parent.vector();
        vector[0] += 0.5f;
        return aggregation.sign(Checkpoint.create(
                task, version, version, parent.manifest().sha256(), 3, 0.1 * version, 711.2345 * version, vector));
    }

    URI location(int version) {
        return store.resolve("mood/v%06d".formatted(version)).toUri();
    }

    Path file(int version, String name) {
        return Path.of(location(version)).resolve(name);
    }

    /** The record by which a version was announced when it was made. */
    byte[] announced(int version) {
        Checkpoint model = models.get(version);
        ModelAnnounced announced = ModelAnnounced.newBuilder()
                .setVersion(version)
                .setRound(version)
                .setLocation(location(version).toString())
                .setSha256(ByteBuffer.wrap(model.sha256()))
                .setParent(
                        ByteBuffer.wrap(HexFormat.of().parseHex(model.manifest().parent())))
                .setSurvivors(List.of())
                .setRho(model.manifest().rho())
                .setEpsilon(model.manifest().epsilon())
                .setDelta(model.manifest().delta())
                .setAggregateHash(ByteBuffer.allocate(0))
                .build();
        return (version == 0 ? operator : aggregation)
                .sealBytes(task.id(), Kind.MODEL, TranscriptPosition.START, announced);
    }

    /** Runs a command on this store and task. */
    Run run(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(command, "--store", store.toString(), "--task", "mood"));
        all.addAll(Arrays.asList(arguments));
        return runAlone(all.toArray(String[]::new));
    }

    static Run runAlone(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(new ModelCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((failure, line, result) -> {
                    line.getErr().println("sotto: " + failure.getMessage());
                    return ModelCommand.COULD_NOT_RUN;
                })
                .execute(arguments);
        return new Run(code, out.toString(), err.toString());
    }
}
