package dev.sotto.contracts.audit;

import dev.sotto.federation.TaskDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The task file of the audited histories. */
final class AuditTasks {
    private static final String TEXT =
            """
            task: sentiment
            base: {name: tiny, layers: 2, hidden: 16}
            heads: [{name: sentiment, kind: text, labels: [negative, neutral, positive]}]
            maxTokens: 48
            adapter: {rank: 2, alpha: 4, layers: [0, 1]}
            training: {examplesPerRound: 240, batch: 16, learningRate: 0.002, headLearningRate: 0.004, warmupBatches: 10, priorCorrection: true}
            rounds: {count: 3, perBlock: 2, minCohort: 4, minSurvivors: 3, enrolSeconds: 30, bundleSeconds: 30, uploadSeconds: 60, unmaskSeconds: 60}
            protocol: {colluding: 0, dropout: 0.13}
            encoding: {ringBits: 32, chunkEntries: 128, clipNorm: 4.0, scale: 65536}
            robust: {groups: 2}
            privacy: {mode: central, noiseMultiplier: 1.0, delta: 1.0e-5, budgetEpsilon: 20}
            """;

    private AuditTasks() {}

    static TaskDefinition task() {
        return with("task: sentiment", "task: sentiment");
    }

    /** The task with a piece of its text replaced. */
    static TaskDefinition with(String piece, String replacement) {
        try {
            Path file = Files.createTempFile("task", ".yaml");
            try {
                Files.writeString(file, TEXT.replace(piece, replacement));
                return TaskDefinition.read(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
