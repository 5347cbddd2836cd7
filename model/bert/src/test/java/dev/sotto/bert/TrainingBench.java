package dev.sotto.bert;

import dev.sotto.federation.AdapterSpec;
import dev.sotto.federation.InitialModel;
import dev.sotto.federation.RecordNoise;
import dev.sotto.federation.TrainingSettings;
import dev.sotto.privacy.accounting.Calibration;
import dev.sotto.privacy.accounting.PrivacyTarget;
import dev.sotto.privacy.accounting.RdpAccountant;
import dev.sotto.privacy.accounting.Schedule;
import dev.sotto.privacy.accounting.SubsampledDiscreteGaussianMechanism;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * What training learns and what privacy costs it: macro-F1 on the same held-out rows of the majority class, of central training,
 * of a federation of eight sites with equal shares, and of the same federation with its records protected at epsilon 8, all of the same head on the frozen
 * encoder; and the cost of a private step over a plain one. The last line is one JSON object.
 */
public final class TrainingBench {
    private static final PrivacyTarget TARGET = new PrivacyTarget(8, 1e-5);
    private static final AdapterSpec HEAD = new AdapterSpec(8, 16, List.of());
    private static final AdapterSpec TOP_LAYERS = new AdapterSpec(8, 16, List.of(4, 5));
    private static final int SITES = 8;
    private static final int ROUNDS = 8;
    private static final int STEPS = 8;
    private static final double SAMPLING_RATE = 0.085;
    private static final double CLIP_NORM = 0.5;
    private static final double RATE = 0.02;

    /** Room for the hidden states of all of GoEmotions: 1.2 GB. */
    private static final long CACHED_FLOATS = 300L << 20;

    private final GoEmotions data;
    private final int turns;
    private final long start = System.nanoTime();

    private TrainingBench(GoEmotions data, int turns) {
        this.data = data;
        this.turns = turns;
    }

    public static void main(String[] arguments) throws Exception {
        List<String> given = Arrays.asList(arguments);
        int at = given.indexOf("--data");
        GoEmotions data = at < 0 ? GoEmotions.sample() : GoEmotions.read(Path.of(given.get(at + 1)));
        new TrainingBench(data, given.contains("--quick") ? 3 : 9).run();
    }

    private void run() {
        PrivateStepBench.Cost cost = new PrivateStepBench(turns).measure(TOP_LAYERS);
        System.out.printf(
                Locale.ROOT,
                "a step of %d texts of %d tokens, %d parameters: plain %.3f s, private %.3f times that%n",
                PrivateStepBench.BATCH,
                PrivateStepBench.TOKENS,
                cost.parameters(),
                cost.plain(),
                cost.ratio());
        List<List<Example>> shares = IntStream.range(0, SITES)
                .mapToObj(
                        site -> IntStream.iterate(site, i -> i < data.training().size(), i -> i + SITES)
                                .mapToObj(data.training()::get)
                                .toList())
                .toList();
        int own = shares.get(SITES - 1).size();
        int batch = Math.max(1, (int) Math.round(SAMPLING_RATE * own));
        double z = new Calibration(RdpAccountant.create(), TARGET)
                .leastNoise(noise ->
                        Schedule.of(new SubsampledDiscreteGaussianMechanism(SAMPLING_RATE, noise), ROUNDS * STEPS));
        System.out.printf(
                Locale.ROOT,
                "%s: %d rows at %d sites, %d held out; head alone; %d rounds of %d steps of %d; epsilon %.1f: z %.3f%n",
                data.source(),
                data.training().size(),
                SITES,
                data.validation().size(),
                ROUNDS,
                STEPS,
                batch,
                TARGET.epsilon(),
                z);
        TrainingSettings settings = Sample.settings(STEPS * batch, batch, RATE, RATE, 0, false);
        try (LocalTrainer trainer = LocalTrainer.compile(Sample.base(), Sample.design(HEAD), CACHED_FLOATS)) {
            RecordNoise noise =
                    new RecordNoise(SAMPLING_RATE, CLIP_NORM, trainer.layout().size(), z);
            double central = central(trainer, settings);
            double plain = federated("federated", trainer, shares, settings, null);
            double dp = federated("with dp", trainer, shares, settings, noise);
            System.out.printf(
                    Locale.ROOT,
                    "{\"private_over_plain\": %.3f, \"f1_majority\": %.4f, \"f1_central\": %.4f, \"f1_federated\": %.4f,"
                            + " \"f1_dp\": %.4f, \"examples_per_s\": %.1f}%n",
                    cost.ratio(),
                    majority(),
                    central,
                    plain,
                    dp,
                    PrivateStepBench.BATCH / cost.plain());
        }
    }

    /** All rows in one place, as often as the federation sees them, the batch that of all sites together, at most 1024. */
    private double central(LocalTrainer trainer, TrainingSettings settings) {
        TrainingSettings pooled = Sample.settings(
                SITES * settings.examplesPerRound(), Math.min(1024, SITES * settings.batch()), RATE, RATE, 0, false);
        float[] model = InitialModel.vector(trainer.layout(), 1);
        for (int round = 1; round <= ROUNDS; round++) {
            model = trainer.train(turn(data.training(), round, pooled), model, pooled, round, TrainingListener.NONE)
                    .parameters();
            report("central", round, model);
        }
        return macroF1(model);
    }

    private double federated(
            String name,
            LocalTrainer trainer,
            List<List<Example>> shares,
            TrainingSettings settings,
            RecordNoise noise) {
        SecureRandom random = new SecureRandom();
        float[] model = InitialModel.vector(trainer.layout(), 1);
        for (int number = 1; number <= ROUNDS; number++) {
            int round = number;
            List<UnaryOperator<float[]>> sites = new ArrayList<>();
            shares.forEach(share -> sites.add(from -> noise == null
                    ? trainer.train(turn(share, round, settings), from, settings, round, TrainingListener.NONE)
                            .parameters()
                    : trainer.trainPrivately(share, from, settings, noise, random, TrainingListener.NONE)));
            model = mean(model, sites);
            report(name, round, model);
        }
        return macroF1(model);
    }

    private static float[] mean(float[] model, List<UnaryOperator<float[]>> sites) {
        double[] sum = new double[model.length];
        for (UnaryOperator<float[]> site : sites) {
            float[] next = site.apply(model);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += next[i];
            }
        }
        float[] mean = new float[model.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sum[i] / sites.size());
        }
        return mean;
    }

    /** The round's rows, in turn. */
    private static List<Example> turn(List<Example> rows, int round, TrainingSettings settings) {
        int count = Math.min(rows.size(), settings.examplesPerRound());
        return IntStream.range(0, count)
                .mapToObj(i -> rows.get((int) (((long) (round - 1) * count + i) % rows.size())))
                .toList();
    }

    private void report(String name, int round, float[] model) {
        System.out.printf(
                Locale.ROOT,
                "%-10s round %d: macro-F1 %.4f (%.0f s)%n",
                name,
                round,
                macroF1(model),
                (System.nanoTime() - start) / 1e9);
    }

    private double macroF1(float[] model) {
        try (Scorer scorer = Scorer.compile(Sample.base(), Sample.design(HEAD), model, Variant.FP32)) {
            return Evaluation.of(scorer, 0, data.validation()).macroF1();
        }
    }

    /** Of guessing the most frequent class always. */
    private double majority() {
        int[] counts = new int[Sample.LABELS.size()];
        data.validation().forEach(example -> counts[example.label(0)]++);
        double share = Arrays.stream(counts).max().orElseThrow()
                / (double) data.validation().size();
        return 2 * share / (1 + share) / counts.length;
    }
}
