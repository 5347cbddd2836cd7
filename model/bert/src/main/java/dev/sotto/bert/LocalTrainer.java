package dev.sotto.bert;

import dev.sotto.federation.AdapterSpec;
import dev.sotto.federation.ParameterLayout;
import dev.sotto.federation.RecordNoise;
import dev.sotto.federation.TrainingSettings;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a site does with its own texts in a round: one pass of AdamW over the adapter and the head, the encoder frozen.
 * Where records are protected, noised steps instead ({@link #trainPrivately}). Gradients are taken inside the compiled script. Thread-safe: several passes may share one trainer and its native copy
 * of the base weights (about 90 MB for MiniLM), which is held until it is closed.
 */
public final class LocalTrainer implements AutoCloseable {
    /** 64 MB of hidden states: some two thousand short texts. */
    private static final long CACHED_FLOATS = 16L << 20;

    private final ParameterLayout layout;
    private final int classes;
    private final BertTokenizer tokenizer;
    private final TrainerModule module;
    private final HiddenCache cache;

    private LocalTrainer(
            ParameterLayout layout, int classes, BertTokenizer tokenizer, TrainerModule module, HiddenCache cache) {
        this.layout = layout;
        this.classes = classes;
        this.tokenizer = tokenizer;
        this.module = module;
        this.cache = cache;
    }

    /**
     * Compiles the trainer of a task.
     *
     * @param labels the classes, 2 or more
     * @param maxTokens tokens a text is cut to
     */
    public static LocalTrainer compile(BaseModel base, AdapterSpec adapter, List<String> labels, int maxTokens) {
        return compile(base, adapter, labels, maxTokens, CACHED_FLOATS);
    }

    /** The same with a cache of hidden states of another size. */
    static LocalTrainer compile(
            BaseModel base, AdapterSpec adapter, List<String> labels, int maxTokens, long cachedFloats) {
        ParameterLayout layout = ParameterLayout.of(adapter, base.shape(), labels.size());
        BertTokenizer tokenizer = BertTokenizer.of(base, maxTokens);
        try {
            TrainerModule module = TrainerModule.compile(base, adapter, layout);
            return new LocalTrainer(layout, labels.size(), tokenizer, module, new HiddenCache(cachedFloats));
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
     * Trains one pass with no rows held out, as {@link #train(List, List, float[], TrainingSettings, long,
     * TrainingListener)} does; {@code settings.earlyStop} must be 0.
     */
    public TrainingResult train(
            List<Example> examples, float[] start, TrainingSettings settings, long seed, TrainingListener listener) {
        return train(examples, List.of(), start, settings, seed, listener);
    }

    /**
     * Trains one pass over the examples, every one at most once, with fresh optimizer moments. The same arguments give the same
     * parameters on the same kind of processor. {@code settings.examplesPerRound} is the caller's to obey: all examples
     * given are used, unless {@code settings.earlyStop} ends the pass before.
     *
     * @param examples the round's examples, 1 or more, labels below the number of classes
     * @param heldOut rows in no particular order that are not trained on. Where {@code settings.earlyStop} is above 0 the first
     *     {@code settings.examplesPerRound} of them, 1 or more, decide when the pass ends; they are scored as the
     *     examples are, with the prior of these if the settings correct for it
     * @param start the parameters to start from; left unchanged
     * @param seed decides the order of the examples
     * @throws IllegalArgumentException if a label, the vector's size or a value is out of range
     */
    public TrainingResult train(
            List<Example> examples,
            List<Example> heldOut,
            float[] start,
            TrainingSettings settings,
            long seed,
            TrainingListener listener) {
        Parameters.requireUsable(layout, start);
        requireUsable(examples);
        requireKnownLabels(heldOut);
        requireRowsToStopOn(heldOut, settings);
        float[] parameters = Arrays.copyOf(start, layout.size());
        PriorCorrection prior =
                settings.priorCorrection() ? PriorCorrection.of(examples, classes) : PriorCorrection.none(classes);
        prior.add(parameters);
        TrainingResult result = pass(examples, heldOut, parameters, settings, new SplittableRandom(seed), listener);
        prior.subtract(result.parameters());
        return result;
    }

    /**
     * Trains a round in steps that are each differentially private in the examples, as {@link RecordNoise} says and
     * {@code settings.batch} and {@code settings.stepsPerRound} set. What is returned is all that may be told of it.
     *
     * @param examples all the site's, 1 or more, labels below the number of classes
     * @param start the parameters to start from; left unchanged
     * @param random cryptographic
     * @param listener is told of no loss
     * @return the new parameters
     * @throws IllegalArgumentException if a label, the vector's size or a value is out of range
     */
    public float[] trainPrivately(
            List<Example> examples,
            float[] start,
            TrainingSettings settings,
            RecordNoise noise,
            SecureRandom random,
            TrainingListener listener) {
        Parameters.requireUsable(layout, start);
        requireUsable(examples);
        float[] parameters = Arrays.copyOf(start, layout.size());
        List<long[]> tokens = tokens(examples);
        new PrivatePass(new BatchGradients(examples, tokens, module, cache), tokens, settings, noise)
                .run(parameters, layout.headOffset(), random, listener);
        return parameters;
    }

    /** Moves the parameters; the result's are these, or a copy of an earlier state. */
    private TrainingResult pass(
            List<Example> examples,
            List<Example> heldOut,
            float[] parameters,
            TrainingSettings settings,
            SplittableRandom random,
            TrainingListener listener) {
        List<long[]> tokens = tokens(examples);
        BatchGradients gradients = new BatchGradients(examples, tokens, module, cache);
        PassOptimizer optimizer = new PassOptimizer(settings, parameters, layout.headOffset(), examples.size());
        List<int[]> batches = LengthBuckets.shuffled(tokens, settings.batch(), random);
        EarlyStop stop = earlyStop(heldOut, settings, batches.size(), parameters);
        double loss = 0;
        int done = 0;
        boolean ended = false;
        for (int batch = 0; batch < batches.size() && !ended; batch++) {
            int[] indices = batches.get(batch);
            float[] lossAndGradient = gradients.summed(indices, parameters);
            requireFinite(lossAndGradient[0]);
            loss += lossAndGradient[0];
            done += indices.length;
            double batchLoss = lossAndGradient[0] / indices.length;
            double rate = optimizer.step(parameters, lossAndGradient, 1, 1.0 / indices.length, done);
            listener.progress(new TrainingStep(done, examples.size(), loss / done, batchLoss, rate));
            ended = stop != null && stop.endsAfter(batch + 1, parameters);
        }
        return new TrainingResult(stop == null ? parameters : stop.best(), loss / done, done);
    }

    private @Nullable EarlyStop earlyStop(
            List<Example> heldOut, TrainingSettings settings, int batches, float[] parameters) {
        if (settings.earlyStop() == 0) {
            return null;
        }
        List<Example> rows = heldOut.subList(0, Math.min(heldOut.size(), settings.examplesPerRound()));
        List<long[]> tokens = tokens(rows);
        HeldOutLoss loss = new HeldOutLoss(new BatchGradients(rows, tokens, module, cache), tokens);
        return new EarlyStop(settings.earlyStop(), batches, parameters, loss::at);
    }

    private static void requireRowsToStopOn(List<Example> heldOut, TrainingSettings settings) {
        if (settings.earlyStop() > 0 && heldOut.isEmpty()) {
            throw new IllegalArgumentException(
                    "training.earlyStop is %d but no rows are held out to look at; hold some out or set it to 0"
                            .formatted(settings.earlyStop()));
        }
    }

    private static void requireFinite(float loss) {
        if (!Float.isFinite(loss)) {
            throw new IllegalStateException(
                    "the loss is %s; lower training.learningRate or look at the starting parameters".formatted(loss));
        }
    }

    private List<long[]> tokens(List<Example> examples) {
        return tokenizer.tokens(examples.stream().map(Example::text).toList());
    }

    private void requireUsable(List<Example> examples) {
        if (examples.isEmpty()) {
            throw new IllegalArgumentException("there are no examples to train on; at least 1 is needed");
        }
        requireKnownLabels(examples);
    }

    private void requireKnownLabels(List<Example> examples) {
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
