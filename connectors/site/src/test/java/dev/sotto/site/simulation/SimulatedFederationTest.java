package dev.sotto.site.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.bert.BaseModel;
import dev.sotto.bert.Example;
import dev.sotto.bert.LocalTrainer;
import dev.sotto.bert.OfflineEngine;
import dev.sotto.bert.TrainingListener;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import dev.sotto.site.LocalUpdate;
import dev.sotto.site.SiteTraining;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real model on a few rows of three sites, of which one has twice as many. */
class SimulatedFederationTest {
    private static final List<List<Example>> SHARES = List.of(
            List.of(new Example("what a lovely day", 2), new Example("they lost it all", 0)),
            List.of(new Example("the shop opens at nine", 1), new Example("sales fell and fell", 0)),
            List.of(
                    new Example("thank you so much", 2),
                    new Example("this is a shame", 0),
                    new Example("a record profit", 2),
                    new Example("the meeting is on monday", 1)));
    private static final List<List<Example>> NOTHING = List.of(List.of(), List.of(), List.of());
    private static final long SEED = 3;
    private static LocalTrainer trainer;

    @TempDir
    Path directory;

    @BeforeAll
    static void compile() throws Exception {
        OfflineEngine.start(1);
        TaskDefinition task = TaskDefinition.read(file("task.yaml"));
        trainer = LocalTrainer.compile(BaseModel.load(task.base()), task.design());
    }

    @AfterAll
    static void close() {
        trainer.close();
    }

    private static Path file(String resource) {
        return Path.of("src/test/resources", resource);
    }

    private TaskDefinition task(String... replaced) throws Exception {
        String text = Files.readString(file("task.yaml"));
        for (int i = 0; i < replaced.length; i += 2) {
            assertThat(text).contains(replaced[i]);
            text = text.replace(replaced[i], replaced[i + 1]);
        }
        return TaskDefinition.read(Files.writeString(directory.resolve("task.yaml"), text));
    }

    private static SimulatedFederation federation(TaskDefinition task) {
        return new SimulatedFederation(task, trainer, SHARES, NOTHING, SEED, new SecureRandom());
    }

    @Test
    void next_nearlyWithoutNoise_movesTheModelByTheMeanOfWhatItsSitesLearnedByTheirRows() throws Exception {
        TaskDefinition task = task(
                "noiseMultiplier: 0.01, delta: 1.0e-5, budgetEpsilon: 100000",
                "noiseMultiplier: 1.0e-5, delta: 1.0e-5, budgetEpsilon: 1.0e10",
                "examplesPerRound: 32, batch: 8",
                "examplesPerRound: 4, batch: 4",
                "warmupBatches: 2",
                "warmupBatches: 0");
        SimulatedFederation federation = federation(task);
        assertThat(federation.model()).isEqualTo(Checkpoint.initial(task, SEED).vector());
        SimulatedFederation.Round round = federation.next(TrainingListener.NONE);
        float[] start = Checkpoint.initial(task, SEED).vector();
        double[] mean = new double[start.length];
        for (int i = 0; i < SHARES.size(); i++) {
            SiteId site = new SiteId("site-%04d".formatted(i + 1));
            LocalUpdate.TrainedUpdate alone = new SiteTraining(task, site, SHARES.get(i), List.of(), new SecureRandom())
                    .train(trainer, new RoundId(task.id(), 1), start, Optional.empty(), TrainingListener.NONE);
            assertThat(norm(alone.delta())).isLessThan(task.encoding().clipNorm());
            for (int j = 0; j < mean.length; j++) {
                mean[j] += alone.delta()[j] * SHARES.get(i).size() / 8.0;
            }
        }
        float[] model = federation.model();
        double most = 0;
        double far = 0;
        for (int j = 0; j < mean.length; j++) {
            most = Math.max(most, Math.abs(model[j] - start[j] - mean[j]));
            far = Math.max(far, Math.abs(mean[j]));
        }
        assertThat(most).isLessThan(0.05 * far);
        assertThat(round.number()).isEqualTo(1);
        assertThat(round.metrics().examples()).isCloseTo(8, within(0.5));
    }

    private static double norm(float[] values) {
        double square = 0;
        for (float value : values) {
            square += (double) value * value;
        }
        return Math.sqrt(square);
    }

    @Test
    void next_overRounds_chargesEachAndStopsWhereTheBudgetEnds() throws Exception {
        TaskDefinition task = task(
                "noiseMultiplier: 0.01, delta: 1.0e-5, budgetEpsilon: 100000",
                "noiseMultiplier: 1, delta: 1.0e-5, budgetEpsilon: 8");
        SimulatedFederation federation = federation(task);
        double first = federation.next(TrainingListener.NONE).epsilonSpent();
        double second = federation.next(TrainingListener.NONE).epsilonSpent();
        assertThat(second).isGreaterThan(first).isLessThanOrEqualTo(8);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10; i++) {
                        federation.next(TrainingListener.NONE);
                    }
                })
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("budget");
    }

    @Test
    void new_fewerSitesThanMustSurvive_isRefusedByBoth() {
        TaskDefinition task = TaskDefinition.read(file("task.yaml"));
        assertThatThrownBy(() ->
                        new SimulatedFederation(task, trainer, SHARES.subList(0, 2), NOTHING, SEED, new SecureRandom()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("2 sites")
                .hasMessageContaining("minSurvivors 3");
    }
}
