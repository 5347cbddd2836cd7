package dev.sotto.site;

import dev.sotto.bert.BaseModel;
import dev.sotto.bert.LocalTrainer;
import dev.sotto.bert.ModelEvaluation;
import dev.sotto.bert.OfflineEngine;
import dev.sotto.bert.Scorer;
import dev.sotto.bert.TrainingListener;
import dev.sotto.bert.Variant;
import dev.sotto.federation.ConfigurationException;
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
    private final SiteDataset data;
    private final SiteTraining training;
    private final int threads;
    private final Progress progress;
    private @Nullable BaseModel base;
    private @Nullable LocalTrainer trainer;

    /** @param random cryptographic, for the noise where the task protects records */
    BertUpdate(
            TaskDefinition task, SiteId site, SiteDataset data, int threads, SecureRandom random, Progress progress) {
        this.task = task;
        this.data = data;
        this.training = new SiteTraining(task, site, data.training(), data.validation(), random);
        this.threads = threads;
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
        Optional<ModelEvaluation> heldOut =
                evaluate(model, round, terms.model().manifest().version(), start);
        TrainingListener listener = step -> progress.on(new SiteEvent.Training(
                round, step.done(), step.total(), step.meanLoss(), step.batchLoss(), step.learningRate()));
        return training.train(trainer(model), terms.round(), start, heldOut, listener);
    }

    private Optional<ModelEvaluation> evaluate(BaseModel model, int round, int version, float[] parameters) {
        if (data.validation().isEmpty()) {
            return Optional.empty();
        }
        try (Scorer scorer = Scorer.compile(model, task.design(), parameters, Variant.FP32)) {
            ModelEvaluation evaluation = ModelEvaluation.of(scorer, data.validation());
            progress.on(new SiteEvent.Evaluated(
                    round,
                    version,
                    data.validation().size(),
                    evaluation.meanLoss(),
                    evaluation.accuracy(),
                    evaluation.macroF1()));
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
            trainer = LocalTrainer.compile(model, task.design());
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
