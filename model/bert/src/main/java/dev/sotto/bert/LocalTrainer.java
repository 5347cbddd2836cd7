package dev.sotto.bert;

import dev.sotto.federation.ColumnStatistics;
import dev.sotto.federation.HeadKind;
import dev.sotto.federation.HeadSpec;
import dev.sotto.federation.ModelDesign;
import dev.sotto.federation.ParameterLayout;
import dev.sotto.federation.RecordNoise;
import dev.sotto.federation.TrainingSettings;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a site does with its own texts in a round: one pass over the adapter and the heads, the encoder frozen.
 * Where records are protected, noised steps instead ({@link #trainPrivately}). Gradients are taken inside the compiled script. Thread-safe: several passes may share one trainer and its native copy
 * of the base weights (about 90 MB for MiniLM), which is held until it is closed.
 */
public final class LocalTrainer implements AutoCloseable {
    /** 64 MB of hidden states: some two thousand short texts. */
    private static final long CACHED_FLOATS = 16L << 20;

    private final ParameterLayout layout;
    private final ModelDesign design;
    private final BertTokenizer tokenizer;
    private final TrainerModule module;
    private final HiddenCache cache;

    private LocalTrainer(
            ModelDesign design,
            ParameterLayout layout,
            BertTokenizer tokenizer,
            TrainerModule module,
            HiddenCache cache) {
        this.design = design;
        this.layout = layout;
        this.tokenizer = tokenizer;
        this.module = module;
        this.cache = cache;
    }

    /** Compiles the trainer of a design. */
    public static LocalTrainer compile(BaseModel base, ModelDesign design) {
        return compile(base, design, CACHED_FLOATS);
    }

    /**
     * The same with another cache of hidden states.
     *
     * @param cachedFloats states of texts that are kept; 384 a token for MiniLM
     */
    public static LocalTrainer compile(BaseModel base, ModelDesign design, long cachedFloats) {
        ParameterLayout layout = ParameterLayout.of(design, base.shape());
        BertTokenizer tokenizer = BertTokenizer.of(base, design.maxTokens());
        try {
            TrainerModule module = TrainerModule.compile(base, design);
            return new LocalTrainer(design, layout, tokenizer, module, new HiddenCache(cachedFloats));
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
        heldOut.forEach(this::requireUsable);
        requireRowsToStopOn(heldOut, settings);
        float[] parameters = Arrays.copyOf(start, layout.size());
        PriorCorrection prior = settings.priorCorrection()
                ? PriorCorrection.of(examples, design, layout, settings.labelShares())
                : PriorCorrection.none();
        prior.add(parameters);
        TrainingResult result = pass(examples, heldOut, parameters, settings, new SplittableRandom(seed), listener);
        prior.subtract(result.parameters());
        ColumnStatistics.set(
                design.statistics(), examples.stream().map(Example::values).toList(), layout, result.parameters());
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
        List<TokenizedText> tokens = tokens(examples);
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
        List<TokenizedText> tokens = tokens(examples);
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
        List<TokenizedText> tokens = tokens(rows);
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

    private List<TokenizedText> tokens(List<Example> examples) {
        return tokenizer.texts(examples.stream().map(Example::text).toList());
    }

    private void requireUsable(List<Example> examples) {
        if (examples.isEmpty()) {
            throw new IllegalArgumentException("there are no examples to train on; at least 1 is needed");
        }
        examples.forEach(this::requireUsable);
    }

    private void requireUsable(Example example) {
        List<HeadSpec> heads = design.heads();
        Parameters.requireFits("labels of an example", example.labels().size(), "heads", heads.size());
        Parameters.requireFits(
                "values of an example",
                example.values().size(),
                "statistics",
                design.statistics().size());
        for (int head = 0; head < heads.size(); head++) {
            HeadSpec spec = heads.get(head);
            int classes = spec.kind() == HeadKind.TEXT ? spec.outputs() : 0;
            if (example.label(head) >= classes) {
                throw new IllegalArgumentException("label %d of an example must be below the %d classes of %s"
                        .formatted(example.label(head), classes, spec.name()));
            }
        }
        List<EntitySpan> entities = example.entities() == null ? List.of() : example.entities();
        int tokensHead = design.tokensHead();
        int kinds = tokensHead < 0 ? 0 : heads.get(tokensHead).labels().size();
        for (EntitySpan entity : entities) {
            if (entity.label() >= kinds) {
                throw new IllegalArgumentException("label %d of an entity must be below the %d kinds of the task"
                        .formatted(entity.label(), kinds));
            }
        }
    }

    @Override
    public void close() {
        module.close();
        tokenizer.close();
    }
}
