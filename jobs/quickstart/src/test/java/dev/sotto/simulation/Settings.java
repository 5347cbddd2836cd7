package dev.sotto.simulation;

import dev.sotto.federation.StrictYaml;
import dev.sotto.federation.TaskDefinition;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * What a schedule is about.
 *
 * @param profile who misbehaves
 * @param sites how many sites there are
 * @param task what they train
 * @param colluders how many sites hand the server all that they hold
 * @param parallelism subtasks of the aggregation job
 */
record Settings(Profile profile, int sites, TaskDefinition task, int colluders, int parallelism) {
    /** Who misbehaves, beside the machines. */
    enum Profile {
        /** Nobody: processes crash, records are late, lost on the way, or twice. */
        FAULTS,
        /** Up to two sites too. */
        LYING_SITES,
        /** Coordination's keys are in the hands of somebody who tells the sites what he likes. */
        LYING_SERVER
    }

    private static final String TASK =
            """
            task: simulated
            base: {name: none, layers: 1, hidden: 8}
            heads: [{name: sentiment, kind: text, labels: [no, yes]}]
            maxTokens: 8
            adapter: {rank: 1, alpha: 1, layers: [0]}
            training: {examplesPerRound: 32, batch: 8, learningRate: 0.002, headLearningRate: 0.004, warmupBatches: 2, priorCorrection: %s}
            rounds: {count: %d, perBlock: %d, minCohort: %d, minSurvivors: 3, enrolSeconds: %d, bundleSeconds: %d, uploadSeconds: %d, unmaskSeconds: %d, closeAfter: %d}
            protocol: {colluding: %s, dropout: %s, strikes: %d, quarantineBlocks: %d}
            encoding: {ringBits: %d, chunkEntries: %d, clipNorm: 4.0, scale: 64, adaptive: %s, tally: %s}
            robust: {combine: mean, groups: %d}
            privacy: {mode: %s, record: %s, removal: %s, noiseMultiplier: %s, delta: 1.0e-5, budgetEpsilon: %s}
            """;

    /** The numbers of a task file that schedules vary. */
    static final class Draft {
        int sites = 4;
        int count = 2;
        int perBlock = 2;
        int minCohort = 3;
        int enrolSeconds = 8;
        int bundleSeconds = 8;
        int uploadSeconds = 15;
        int unmaskSeconds = 8;
        int closeAfter;
        double colluding = 0.1;
        double dropout = 0.3;
        int strikes = 2;
        int quarantineBlocks = 4;
        int ringBits = 32;
        int chunkEntries = 24;
        String adaptive = "null";
        String tally = "null";
        int groups = 1;
        String mode = "central";
        boolean removal;
        double noiseMultiplier = 1;
        double budgetEpsilon = 1e6;
        int colluders;
        int parallelism = 1;

        Settings settings(Profile profile) {
            boolean records = mode.equals("record");
            String yaml = TASK.formatted(
                    !records,
                    count,
                    perBlock,
                    minCohort,
                    enrolSeconds,
                    bundleSeconds,
                    uploadSeconds,
                    unmaskSeconds,
                    closeAfter,
                    colluding,
                    dropout,
                    strikes,
                    quarantineBlocks,
                    ringBits,
                    chunkEntries,
                    adaptive,
                    tally,
                    groups,
                    mode,
                    records ? "{samplingRate: 0.1, clipNorm: 1.0}" : "null",
                    removal,
                    noiseMultiplier,
                    budgetEpsilon);
            TaskDefinition task = StrictYaml.read(
                    new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)),
                    "simulated.yaml",
                    TaskDefinition.class);
            return new Settings(profile, sites, task, colluders, parallelism);
        }
    }

    /** Draws what a seed stands for. */
    static Settings draw(SplittableRandom random) {
        Profile profile = Profile.values()[new int[] {0, 0, 1, 2}[random.nextInt(4)]];
        Draft draft = new Draft();
        draft.sites = 4 + random.nextInt(2);
        draft.count = 1 + random.nextInt(3);
        draft.perBlock = 1 + random.nextInt(3);
        draft.ringBits = new int[] {16, 20, 24, 32}[random.nextInt(4)];
        draft.chunkEntries = new int[] {16, 24, 64}[random.nextInt(3)];
        draft.parallelism = random.nextInt(4) == 0 ? 2 : 1;
        switch (profile) {
            case FAULTS -> {
                if (random.nextInt(4) == 0) {
                    draft.closeAfter = 3 + random.nextInt(2);
                } else if (random.nextInt(6) == 0) {
                    draft.sites = 6;
                    draft.dropout = 0;
                    draft.groups = 2;
                }
                if (random.nextInt(5) == 0) {
                    draft.budgetEpsilon = 3 + random.nextInt(6);
                }
            }
            case LYING_SITES -> draft.sites = 5 + random.nextInt(2);
            case LYING_SERVER -> {
                draft.perBlock = 3;
                draft.colluders = random.nextInt(2);
                draft.sites = draft.colluders == 0 ? draft.sites : 5;
                draft.colluding = draft.colluders == 0 ? 0 : 0.2;
            }
            default -> throw new IllegalStateException(profile.toString());
        }
        return draft.settings(profile);
    }
}
