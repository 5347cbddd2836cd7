package dev.sotto.site;

import dev.sotto.bert.BaseModel;
import dev.sotto.bert.Evaluation;
import dev.sotto.bert.LocalTrainer;
import dev.sotto.bert.OfflineEngine;
import dev.sotto.bert.Scorer;
import dev.sotto.bert.TrainingListener;
import dev.sotto.bert.TrainingResult;
import dev.sotto.bert.Variant;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.RecordNoise;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fine-tunes the adapter of a BERT on the site's texts, in private steps on all of them where the task protects records; if rows are held out, scores the model it starts from on them
 * first. The base model is loaded by {@link #prepare()} or the first round and held until this is closed. Not thread-safe.
 */
final class BertUpdate implements LocalUpdate, AutoCloseable {
    private final TaskDefinition task;
    private final SiteId site;
    private final SiteDataset data;
    private final ExampleTurns turns;
    private final int threads;
    private final SecureRandom random;
    private final Progress progress;
    private @Nullable BaseModel base;
    private @Nullable LocalTrainer trainer;

    /** @param random cryptographic, for the noise where the task protects records */
    BertUpdate(
            TaskDefinition task, SiteId site, SiteDataset data, int threads, SecureRandom random, Progress progress) {
        this.task = task;
        this.site = site;
        this.data = data;
        this.turns = new ExampleTurns(data.training(), task.training().examplesPerRound());
        this.threads = threads;
        this.random = random;
        this.progress = progress;
    }

    /** A seed for what need not be secret, such as an order: the same for the same site and round. */
    static long seed(SiteId site, RoundId round) {
        return seed(site.value() + "/" + round);
    }

    /** A seed out of a name. */
    static long seed(String name) {
        long hash = 1125899906842597L;
        for (int i = 0; i < name.length(); i++) {
            hash = 31 * hash + name.charAt(i);
        }
        return hash;
    }

    /**
     * Loads and compiles the model, so that what is missing is found before the site enrols.
     *
     * @throws ConfigurationException if the base model is not there or is not the task's
     */
    void prepare() {
        trainer(base());
    }

    @Override
    public TrainedUpdate train(RoundTerms terms) {
        float[] start;
        try {
            start = terms.model().vector();
        } catch (IOException e) {
            throw new UncheckedIOException("a checkpoint that was read has its vector", e);
        }
        int round = terms.round().number();
        BaseModel model = base();
        Optional<Evaluation> heldOut =
                evaluate(model, round, terms.model().manifest().version(), start);
        TrainingListener listener =
                (done, total, loss) -> progress.on(new SiteEvent.Training(round, done, total, loss));
        return task.recordNoise()
                .map(noise -> trainPrivately(model, start, noise, listener))
                .orElseGet(() -> trainPlainly(model, terms.round(), start, listener, heldOut));
    }

    private TrainedUpdate trainPlainly(
            BaseModel model, RoundId round, float[] start, TrainingListener listener, Optional<Evaluation> heldOut) {
        TrainingResult result =
                trainer(model).train(turns.of(round.number()), start, task.training(), seed(site, round), listener);
        return new TrainedUpdate(
                delta(result.parameters(), start),
                result.examples(),
                result.meanLoss(),
                heldOut.map(Evaluation::examples).orElse(0),
                heldOut.map(BertUpdate::correct).orElse(0));
    }

    /** All that leaves is the parameters: a count or a loss would tell of single records. Every site has the same weight. */
    private TrainedUpdate trainPrivately(BaseModel model, float[] start, RecordNoise noise, TrainingListener listener) {
        float[] parameters =
                trainer(model).trainPrivately(data.training(), start, task.training(), noise, random, listener);
        return new TrainedUpdate(delta(parameters, start), task.training().examplesPerRound(), Double.NaN, 0, 0);
    }

    private static float[] delta(float[] parameters, float[] start) {
        float[] delta = parameters.clone();
        for (int i = 0; i < delta.length; i++) {
            delta[i] -= start[i];
        }
        return delta;
    }

    private static int correct(Evaluation evaluation) {
        int correct = 0;
        for (int label = 0; label < evaluation.confusion().size(); label++) {
            correct += evaluation.confusion().get(label).get(label);
        }
        return correct;
    }

    private Optional<Evaluation> evaluate(BaseModel model, int round, int version, float[] parameters) {
        if (data.validation().isEmpty()) {
            return Optional.empty();
        }
        try (Scorer scorer =
                Scorer.compile(model, task.adapter(), task.labels(), task.maxTokens(), parameters, Variant.FP32)) {
            Evaluation evaluation = Evaluation.of(scorer, data.validation());
            progress.on(new SiteEvent.Evaluated(round, version, evaluation.examples(), evaluation.macroF1()));
            return Optional.of(evaluation);
        }
    }

    private BaseModel base() {
        if (base == null) {
            OfflineEngine.start(threads);
            try {
                base = BaseModel.load(task.base());
            } catch (IOException | IllegalArgumentException e) {
                throw new ConfigurationException(
                        "the task's base model cannot be loaded: %s".formatted(e.getMessage()), e);
            }
        }
        return base;
    }

    private LocalTrainer trainer(BaseModel model) {
        if (trainer == null) {
            trainer = LocalTrainer.compile(model, task.adapter(), task.labels(), task.maxTokens());
        }
        return trainer;
    }

    @Override
    public void close() {
        if (trainer != null) {
            trainer.close();
            trainer = null;
        }
    }
}
