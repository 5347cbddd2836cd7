package dev.sotto.quickstart.bench;

import dev.sotto.bert.BaseModel;
import dev.sotto.bert.EntityEvaluation;
import dev.sotto.bert.Evaluation;
import dev.sotto.bert.Example;
import dev.sotto.bert.HeadEvaluation;
import dev.sotto.bert.LocalTrainer;
import dev.sotto.bert.ModelEvaluation;
import dev.sotto.bert.Scorer;
import dev.sotto.bert.TrainingListener;
import dev.sotto.bert.Variant;
import dev.sotto.federation.AdapterSpec;
import dev.sotto.federation.HeadKind;
import dev.sotto.federation.InitialModel;
import dev.sotto.federation.LearningRateDecay;
import dev.sotto.federation.LocalOptimizer;
import dev.sotto.federation.ModelDesign;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.TrainingSettings;
import dev.sotto.site.simulation.LabelSkew;
import dev.sotto.site.simulation.SimulatedFederation;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What eight sites reach together on one dataset, with even shares and with skewed ones, beside the same model trained centrally on as
 * many examples, a linear probe of the frozen encoder and the majority class. F1 is the mean over the classes; of entities that
 * of all kinds together, as it is usually told. The runs share the processors, one each.
 */
final class FederationRuns {
    static final int SITES = 8;
    private static final List<Double> ALPHAS = List.of(Double.POSITIVE_INFINITY, 1.0, 0.1);
    private static final int PROBE_PASSES = 4;

    /** Room for the hidden states of some ten thousand texts: 1 GB. */
    private static final long CACHED_FLOATS = 256L << 20;

    private final BenchDataset data;
    private final TaskDefinition task;
    private final BaseModel base;
    private final int seed;
    private final List<Example> rows;

    /** @param seed of the first parameters, the shares and the order of training; the rows seen centrally stay the same */
    FederationRuns(BenchDataset data, int seed) throws IOException {
        this.data = data;
        this.task = data.task();
        this.seed = seed;
        this.base = BaseModel.load(task.base());
        this.rows = new ArrayList<>(data.training());
        Collections.shuffle(rows, new Random(1));
    }

    /** The figures by name, in the order of the report. */
    Map<String, Double> run() throws InterruptedException {
        Map<String, Callable<ModelEvaluation>> runs = new LinkedHashMap<>();
        runs.put("central", this::central);
        ALPHAS.forEach(alpha -> runs.put(name(alpha), () -> federated(alpha)));
        runs.put("probe", this::probe);
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("majority", majority(data));
        System.out.printf(Locale.ROOT, "  %-20s F1 %.4f%n", "majority", majority(data));
        ExecutorService processors =
                Executors.newFixedThreadPool(Math.min(4, Runtime.getRuntime().availableProcessors()));
        try {
            Map<String, Future<ModelEvaluation>> results = new LinkedHashMap<>();
            runs.forEach((name, run) -> results.put(name, processors.submit(run)));
            for (Map.Entry<String, Future<ModelEvaluation>> result : results.entrySet()) {
                ModelEvaluation reached = result.getValue().get();
                figures.put(result.getKey(), f1(reached));
                if (result.getKey().startsWith("federated")) {
                    figures.put(result.getKey() + "_least_class", leastClass(reached));
                }
                System.out.printf(
                        Locale.ROOT,
                        "  %-20s F1 %.4f  least class %.4f%n",
                        result.getKey(),
                        f1(reached),
                        leastClass(reached));
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(data.source() + " cannot be run", e.getCause());
        } finally {
            processors.shutdownNow();
        }
        return figures;
    }

    private static String name(double alpha) {
        return Double.isInfinite(alpha) ? "federated_iid" : "federated_alpha_" + alpha;
    }

    private int seen() {
        return SITES * task.rounds().count() * task.training().examplesPerRound();
    }

    /** As many examples as the federation sees, with the settings that suit one place. */
    private ModelEvaluation central() {
        TrainingSettings settings = new TrainingSettings(
                seen(), 16, 2e-3, 4e-3, 10, false, 0, 0, LearningRateDecay.LINEAR, 0.01, 0, LocalOptimizer.ADAMW);
        return trained(task.design(), repeated(seen()), settings, 0);
    }

    /** The heads alone on the frozen encoder. */
    private ModelEvaluation probe() {
        ModelDesign design = new ModelDesign(
                new AdapterSpec(task.adapter().rank(), task.adapter().alpha(), List.of()),
                task.heads(),
                task.statistics(),
                task.maxTokens());
        int passes = PROBE_PASSES * Math.min(rows.size(), seen());
        TrainingSettings settings = new TrainingSettings(
                passes, 64, 1e-2, 1e-2, 0, false, 0, 0, LearningRateDecay.LINEAR, 0, 0, LocalOptimizer.ADAMW);
        return trained(design, repeated(passes), settings, CACHED_FLOATS);
    }

    private ModelEvaluation trained(ModelDesign design, List<Example> pass, TrainingSettings settings, long cached) {
        try (LocalTrainer trainer = LocalTrainer.compile(base, design, cached)) {
            float[] start = InitialModel.vector(trainer.layout(), seed);
            return evaluate(
                    design,
                    trainer.train(pass, start, settings, seed, TrainingListener.NONE)
                            .parameters());
        }
    }

    private List<Example> repeated(int count) {
        List<Example> pass = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            pass.add(rows.get(i % Math.min(rows.size(), seen())));
        }
        return pass;
    }

    private ModelEvaluation federated(double alpha) {
        List<List<Example>> shares = Double.isInfinite(alpha)
                ? LabelSkew.none(rows, SITES)
                : LabelSkew.dirichlet(rows, SITES, alpha, new SplittableRandom(seed));
        try (LocalTrainer trainer = LocalTrainer.compile(base, task.design())) {
            SimulatedFederation federation = new SimulatedFederation(
                    task, trainer, shares, Collections.nCopies(SITES, List.of()), seed, new SecureRandom());
            for (int round = 1; round <= task.rounds().count(); round++) {
                federation.next(TrainingListener.NONE);
                System.err.printf(
                        "%s, %s: round %d of %d%n",
                        task.task(), name(alpha), round, task.rounds().count());
            }
            return evaluate(task.design(), federation.model());
        }
    }

    private ModelEvaluation evaluate(ModelDesign design, float[] model) {
        try (Scorer scorer = Scorer.compile(base, design, model, Variant.FP32)) {
            return ModelEvaluation.of(scorer, data.validation());
        }
    }

    private static double f1(ModelEvaluation evaluation) {
        HeadEvaluation head = evaluation.heads().values().iterator().next();
        return head instanceof EntityEvaluation entities ? entities.micro().f1() : head.macroF1();
    }

    private static double leastClass(ModelEvaluation evaluation) {
        return evaluation.f1ByLabel().values().stream()
                .mapToDouble(Double::doubleValue)
                .min()
                .orElseThrow();
    }

    /** Of guessing the most frequent class always; of entities, that there are none. */
    static double majority(BenchDataset data) {
        TaskDefinition task = data.task();
        if (task.heads().get(0).kind() == HeadKind.TOKENS) {
            return 0;
        }
        int[] counts = new int[task.heads().get(0).outputs()];
        data.validation().forEach(row -> counts[row.label(0)]++);
        int most = 0;
        for (int label = 1; label < counts.length; label++) {
            most = counts[label] > counts[most] ? label : most;
        }
        List<List<Integer>> confusion = new ArrayList<>();
        for (int count : counts) {
            List<Integer> row = new ArrayList<>(Collections.nCopies(counts.length, 0));
            row.set(most, count);
            confusion.add(row);
        }
        return new Evaluation(confusion, 0).macroF1();
    }
}
