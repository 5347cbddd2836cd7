package dev.sotto.bert;

import dev.sotto.federation.AdapterSpec;
import dev.sotto.federation.ParameterLayout;
import dev.sotto.federation.TrainingSettings;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a site does with its own texts in a round: one pass of AdamW over the adapter and the head, the encoder frozen.
 * Gradients are taken inside the compiled script. Thread-safe: several passes may share one trainer and its native copy
 * of the base weights (about 90 MB for MiniLM), which is held until it is closed.
 */
public final class LocalTrainer implements AutoCloseable {
    /** 64 MB of hidden states: some two thousand short texts. */
    private static final long CACHED_FLOATS = 16L << 20;

    private final ParameterLayout layout;
    private final int classes;
    private final BertTokenizer tokenizer;
    private final TrainerModule module;
    private final HiddenCache cache = new HiddenCache(CACHED_FLOATS);

    private LocalTrainer(ParameterLayout layout, int classes, BertTokenizer tokenizer, TrainerModule module) {
        this.layout = layout;
        this.classes = classes;
        this.tokenizer = tokenizer;
        this.module = module;
    }

    /**
     * Compiles the trainer of a task.
     *
     * @param labels the classes, 2 or more
     * @param maxTokens tokens a text is cut to
     */
    public static LocalTrainer compile(BaseModel base, AdapterSpec adapter, List<String> labels, int maxTokens) {
        ParameterLayout layout = ParameterLayout.of(adapter, base.shape(), labels.size());
        BertTokenizer tokenizer = BertTokenizer.of(base, maxTokens);
        try {
            TrainerModule module = TrainerModule.compile(base, adapter, layout);
            return new LocalTrainer(layout, labels.size(), tokenizer, module);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /** How the parameters lie in the vectors given and returned. */
    public ParameterLayout layout() {
        return layout;
    }

    /**
     * Trains one pass over the examples, every one once, with fresh optimizer moments. The same arguments give the same
     * parameters on the same kind of processor. {@code settings.examplesPerRound} is the caller's to obey: all examples
     * given are used.
     *
     * @param examples the round's examples, 1 or more, labels below the number of classes
     * @param start the parameters to start from; left unchanged
     * @param seed decides the order of the examples
     * @throws IllegalArgumentException if a label, the vector's size or a value is out of range
     */
    public TrainingResult train(
            List<Example> examples, float[] start, TrainingSettings settings, long seed, TrainingListener listener) {
        Parameters.requireUsable(layout, start);
        requireUsable(examples);
        float[] parameters = Arrays.copyOf(start, layout.size());
        PriorCorrection prior =
                settings.priorCorrection() ? PriorCorrection.of(examples, classes) : PriorCorrection.none(classes);
        prior.add(parameters);
        double loss = pass(examples, parameters, settings, new SplittableRandom(seed), listener);
        prior.subtract(parameters);
        return new TrainingResult(parameters, loss, examples.size());
    }

    private double pass(
            List<Example> examples,
            float[] parameters,
            TrainingSettings settings,
            SplittableRandom random,
            TrainingListener listener) {
        List<long[]> tokens =
                tokenizer.tokens(examples.stream().map(Example::text).toList());
        LearningRateSchedule schedule = LearningRateSchedule.of(settings);
        AdamW optimizer = new AdamW(parameters.length);
        double loss = 0;
        int done = 0;
        for (int[] indices : LengthBuckets.shuffled(tokens, settings.batch(), random)) {
            float[] lossAndGradient = lossAndGradient(examples, tokens, indices, parameters);
            loss += lossAndGradient[0];
            done += indices.length;
            double factor = schedule.factor(done);
            double scale = 1.0 / indices.length;
            int head = layout.headOffset();
            optimizer.nextStep();
            optimizer.update(parameters, lossAndGradient, 1, scale, 0, head, settings.learningRate() * factor);
            optimizer.update(
                    parameters,
                    lossAndGradient,
                    1,
                    scale,
                    head,
                    parameters.length,
                    settings.headLearningRate() * factor);
            listener.progress(done, examples.size(), loss / done);
        }
        return loss / examples.size();
    }

    /** The summed cross-entropy of a batch followed by its gradient. */
    private float[] lossAndGradient(List<Example> examples, List<long[]> tokens, int[] indices, float[] parameters) {
        TokenBatch batch = TokenBatch.of(tokens, indices);
        long[] labels = Arrays.stream(indices)
                .mapToLong(index -> examples.get(index).label())
                .toArray();
        float[] result = module.gradient(batch, frozen(examples, indices, batch), labels, parameters);
        if (!Float.isFinite(result[0])) {
            throw new IllegalStateException(
                    "the loss is %s; lower training.learningRate or look at the starting parameters"
                            .formatted(result[0]));
        }
        return result;
    }

    private float[] frozen(List<Example> examples, int[] indices, TokenBatch batch) {
        if (!module.hasFrozenLayers()) {
            return module.frozen(batch);
        }
        int stride = batch.width() * module.hidden();
        float[] states = new float[indices.length * stride];
        for (int row = 0; row < indices.length; row++) {
            float[] known = cache.get(examples.get(indices[row]).text());
            if (known == null) {
                return computeFrozen(examples, indices, batch);
            }
            System.arraycopy(known, 0, states, row * stride, known.length);
        }
        return states;
    }

    private float[] computeFrozen(List<Example> examples, int[] indices, TokenBatch batch) {
        float[] states = module.frozen(batch);
        for (int row = 0; row < indices.length; row++) {
            cache.put(examples.get(indices[row]).text(), module.row(states, batch, row));
        }
        return states;
    }

    private void requireUsable(List<Example> examples) {
        if (examples.isEmpty()) {
            throw new IllegalArgumentException("there are no examples to train on; at least 1 is needed");
        }
        for (Example example : examples) {
            if (example.label() >= classes) {
                throw new IllegalArgumentException(
                        "label %d of an example must be below the %d classes".formatted(example.label(), classes));
            }
        }
    }

    @Override
    public void close() {
        module.close();
        tokenizer.close();
    }
}
