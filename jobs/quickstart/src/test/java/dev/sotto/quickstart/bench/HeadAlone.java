package dev.sotto.quickstart.bench;

import dev.sotto.bert.BaseModel;
import dev.sotto.bert.Evaluation;
import dev.sotto.bert.Example;
import dev.sotto.bert.LocalTrainer;
import dev.sotto.bert.Scorer;
import dev.sotto.bert.TrainingListener;
import dev.sotto.bert.Variant;
import dev.sotto.federation.AdapterSpec;
import dev.sotto.federation.InitialModel;
import dev.sotto.federation.LearningRateDecay;
import dev.sotto.federation.LocalOptimizer;
import dev.sotto.federation.ModelDesign;
import dev.sotto.federation.RecordNoise;
import dev.sotto.federation.TrainingSettings;
import dev.sotto.privacy.accounting.Calibration;
import dev.sotto.privacy.accounting.PrivacyTarget;
import dev.sotto.privacy.accounting.RdpAccountant;
import dev.sotto.privacy.accounting.Schedule;
import dev.sotto.privacy.accounting.SubsampledDiscreteGaussianMechanism;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the protection of records costs: the head alone on the frozen encoder, trained centrally, by eight sites with even shares, and
 * by the same sites with their records protected at epsilon 8.
 *
 * @param central macro-F1 on the rows measured on
 * @param federated the same
 * @param dp the same
 */
record HeadAlone(double central, double federated, double dp) {
    private static final PrivacyTarget TARGET = new PrivacyTarget(8, 1e-5);
    private static final int ROUNDS = 8;
    private static final int STEPS = 8;
    private static final double SAMPLING_RATE = 0.085;
    private static final double CLIP_NORM = 0.5;
    private static final double RATE = 0.02;

    /** Room for the hidden states of all of GoEmotions: 1.2 GB. */
    private static final long CACHED_FLOATS = 300L << 20;

    static HeadAlone measure(BenchDataset data) throws IOException {
        BaseModel base = BaseModel.load(data.task().base());
        ModelDesign design = new ModelDesign(
                new AdapterSpec(8, 16, List.of()),
                data.task().heads(),
                List.of(),
                data.task().maxTokens());
        try (LocalTrainer trainer = LocalTrainer.compile(base, design, CACHED_FLOATS)) {
            return new Run(data, base, design, trainer).measure();
        }
    }

    private record Run(BenchDataset data, BaseModel base, ModelDesign design, LocalTrainer trainer) {
        HeadAlone measure() {
            int sites = FederationRuns.SITES;
            List<List<Example>> shares = IntStream.range(0, sites)
                    .mapToObj(site -> IntStream.iterate(
                                    site, i -> i < data.training().size(), i -> i + sites)
                            .mapToObj(data.training()::get)
                            .toList())
                    .toList();
            int batch = Math.max(
                    1, (int) Math.round(SAMPLING_RATE * shares.get(sites - 1).size()));
            double z = new Calibration(RdpAccountant.create(), TARGET)
                    .leastNoise(noise ->
                            Schedule.of(new SubsampledDiscreteGaussianMechanism(SAMPLING_RATE, noise), ROUNDS * STEPS));
            System.out.printf(
                    Locale.ROOT,
                    "%s: %d rows at %d sites, %d measured on; head alone; %d rounds of %d steps of %d; epsilon %.1f: z %.3f%n",
                    data.source(),
                    data.training().size(),
                    sites,
                    data.validation().size(),
                    ROUNDS,
                    STEPS,
                    batch,
                    TARGET.epsilon(),
                    z);
            TrainingSettings settings = settings(STEPS * batch, batch);
            RecordNoise noise =
                    new RecordNoise(SAMPLING_RATE, CLIP_NORM, trainer.layout().size(), z);
            return new HeadAlone(
                    central(settings(sites * STEPS * batch, Math.min(1024, sites * batch))),
                    federated("federated", shares, settings, null),
                    federated("with dp", shares, settings, noise));
        }

        private static TrainingSettings settings(int examples, int batch) {
            return new TrainingSettings(
                    examples, batch, RATE, RATE, 0, false, 0, 0, LearningRateDecay.NONE, 0.01, 0, LocalOptimizer.ADAMW);
        }

        /** All rows in one place, as often as the federation sees them, the batch that of all sites together, at most 1024. */
        private double central(TrainingSettings pooled) {
            float[] model = InitialModel.vector(trainer.layout(), 1);
            for (int round = 1; round <= ROUNDS; round++) {
                model = trainer.train(turn(data.training(), round, pooled), model, pooled, round, TrainingListener.NONE)
                        .parameters();
            }
            return told("central", model);
        }

        private double federated(
                String name, List<List<Example>> shares, TrainingSettings settings, @Nullable RecordNoise noise) {
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
            }
            return told(name, model);
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

        private double told(String name, float[] model) {
            try (Scorer scorer = Scorer.compile(base, design, model, Variant.FP32)) {
                double f1 = Evaluation.of(scorer, 0, data.validation()).macroF1();
                System.out.printf(Locale.ROOT, "  %-20s F1 %.4f%n", name, f1);
                return f1;
            }
        }
    }
}
