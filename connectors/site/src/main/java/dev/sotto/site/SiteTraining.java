package dev.sotto.site;

import dev.sotto.bert.Example;
import dev.sotto.bert.LocalTrainer;
import dev.sotto.bert.ModelEvaluation;
import dev.sotto.bert.TrainingListener;
import dev.sotto.bert.TrainingResult;
import dev.sotto.federation.RecordNoise;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * What a site's rows make of a model: in turn some in each round, or where the task protects records all of them in private
 * steps. Not thread-safe.
 */
public final class SiteTraining {
    private final TaskDefinition task;
    private final SiteId site;
    private final List<Example> rows;
    private final List<Example> heldOut;
    private final ExampleTurns turns;
    private final SecureRandom random;

    /**
     * Training on rows.
     *
     * @param rows at least one
     * @param heldOut rows that are not trained on; at least one where the task stops early
     * @param random cryptographic, for the noise where the task protects records
     */
    public SiteTraining(
            TaskDefinition task, SiteId site, List<Example> rows, List<Example> heldOut, SecureRandom random) {
        this.task = task;
        this.site = site;
        this.rows = List.copyOf(rows);
        this.heldOut = List.copyOf(heldOut);
        this.turns = new ExampleTurns(this.rows, task.training().examplesPerRound());
        this.random = random;
    }

    /** The rows of a round, counted from 1, where the task does not protect records. */
    public List<Example> turn(int round) {
        return turns.of(round);
    }

    /**
     * Trains for a round.
     *
     * @param trainer the task's
     * @param start the parameters to start from; left unchanged
     * @param reached what they reach on rows held out; not told where the task protects records
     */
    public LocalUpdate.TrainedUpdate train(
            LocalTrainer trainer,
            RoundId round,
            float[] start,
            Optional<ModelEvaluation> reached,
            TrainingListener listener) {
        return task.recordNoise()
                .map(noise -> privately(trainer, start, noise, listener))
                .orElseGet(() -> plainly(trainer, round, start, reached, listener));
    }

    private LocalUpdate.TrainedUpdate plainly(
            LocalTrainer trainer,
            RoundId round,
            float[] start,
            Optional<ModelEvaluation> reached,
            TrainingListener listener) {
        TrainingResult result = trainer.train(
                turns.of(round.number()), heldOut, start, task.training(), BertUpdate.seed(site, round), listener);
        return new LocalUpdate.TrainedUpdate(
                delta(result.parameters(), start),
                result.examples(),
                result.meanLoss(),
                reached.map(ModelEvaluation::judged).orElse(0),
                reached.map(ModelEvaluation::right).orElse(0),
                task.encoding().tally() == null
                        ? List.of()
                        : reached.map(ModelEvaluation::tally).orElse(List.of()));
    }

    /** All that leaves is the parameters: a count or a loss would tell of single records. Every site has the same weight. */
    private LocalUpdate.TrainedUpdate privately(
            LocalTrainer trainer, float[] start, RecordNoise noise, TrainingListener listener) {
        float[] parameters = trainer.trainPrivately(rows, start, task.training(), noise, random, listener);
        return new LocalUpdate.TrainedUpdate(
                delta(parameters, start), task.training().examplesPerRound(), Double.NaN, 0, 0, List.of());
    }

    private static float[] delta(float[] parameters, float[] start) {
        float[] delta = parameters.clone();
        for (int i = 0; i < delta.length; i++) {
            delta[i] -= start[i];
        }
        return delta;
    }
}
