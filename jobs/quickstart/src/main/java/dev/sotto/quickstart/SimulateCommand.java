package dev.sotto.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.bert.BaseModel;
import dev.sotto.bert.EntitySpan;
import dev.sotto.bert.Example;
import dev.sotto.bert.LocalTrainer;
import dev.sotto.bert.ModelEvaluation;
import dev.sotto.bert.OfflineEngine;
import dev.sotto.bert.Scorer;
import dev.sotto.bert.TrainingListener;
import dev.sotto.bert.Variant;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ColumnStatistics;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.HeadKind;
import dev.sotto.federation.HeadSpec;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.site.SiteDataset;
import dev.sotto.site.simulation.LabelSkew;
import dev.sotto.site.simulation.SimulatedFederation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sotto simulate}. */
@Command(
        name = "simulate",
        description = {
            "Runs a federation in this process: sites train, encode and are charged as in a real one, and the server's noise",
            "and steps are the real ones; masks, which cancel in the sum, and the network are left out. Prints what every",
            "round reaches on rows that no site trains on, then a report; the last line is one JSON object."
        },
        mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {
    /** Of every site's rows one in so many is held out, to see how the model does at that site. */
    private static final int ONE_IN = 8;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--task", required = true, paramLabel = "FILE", description = "The task.")
    @SuppressWarnings("NullAway.Init")
    private Path task;

    @Option(names = "--sites", paramLabel = "N", description = "Sites, 2 to 1000 (default: ${DEFAULT-VALUE}).")
    private int sites = 8;

    @Option(
            names = "--alpha",
            paramLabel = "A",
            description =
                    "Skews the sites' labels by a Dirichlet distribution: 1 is skewed, 0.1 leaves most sites one or two classes. Without it rows are dealt out evenly.")
    private @Nullable Double alpha;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds (default: the task's).")
    private @Nullable Integer rounds;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "Labelled rows, .jsonl, .csv or .conll; may be repeated (default: the rows in this build).")
    private List<Path> data = List.of();

    @Option(
            names = "--validation",
            paramLabel = "FILE",
            description = "Rows to measure on, with the same columns; may be repeated (default: a fifth of --data).")
    private List<Path> validation = List.of();

    @Option(
            names = "--store",
            paramLabel = "DIR",
            description = "Keeps the model of every round there, unsigned, for example for 'sotto score'.")
    private @Nullable Path store;

    @Option(names = "--central", description = "Trains the same model beside it on the same rows in one place.")
    private boolean central;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of the starting model and of who gets which rows (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of PyTorch (default: ${DEFAULT-VALUE}).")
    private int threads = 1;

    @Mixin
    private final ReportFiles report = new ReportFiles();

    @Mixin
    private final LabelledRows columns = new LabelledRows();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        TaskDefinition definition = TaskDefinition.read(task);
        require(sites >= 2 && sites <= 1000, "--sites", sites, "2 to 1000");
        int count = rounds == null ? definition.rounds().count() : rounds;
        require(count >= 1 && count <= 10_000, "--rounds", count, "1 to 10000");
        List<Example> training = new ArrayList<>();
        List<Example> measured = rows(definition, training, out);
        List<List<Example>> parted = parted(training);
        OfflineEngine.start(threads);
        BaseModel base = BaseModel.load(definition.base());
        try (LocalTrainer trainer = LocalTrainer.compile(base, definition.design())) {
            run(definition, base, trainer, parted, measured, count, out);
        }
        out.flush();
        return 0;
    }

    private static void require(boolean holds, String option, Object value, String bound) {
        if (!holds) {
            throw new ConfigurationException("%s is %s but must be %s".formatted(option, value, bound));
        }
    }

    /** Fills the rows to train on and gives those to measure on. */
    private List<Example> rows(TaskDefinition definition, List<Example> training, PrintWriter out) throws IOException {
        if (data.isEmpty()) {
            require(validation.isEmpty(), "--validation", validation, "given with --data alone");
            training.addAll(ShippedRows.training(definition));
            return ShippedRows.validation(definition);
        }
        SiteDataset read = columns.read(
                data, definition.columns(), definition.design(), validation.isEmpty() ? 0.2 : 0, seed, out);
        training.addAll(read.training());
        return validation.isEmpty()
                ? read.validation()
                : columns.all(validation, definition.columns(), definition.design(), out);
    }

    private List<List<Example>> parted(List<Example> training) {
        List<Example> shuffled = new ArrayList<>(training);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = shuffled.size() - 1; i > 0; i--) {
            Collections.swap(shuffled, i, random.nextInt(i + 1));
        }
        return alpha == null ? LabelSkew.none(shuffled, sites) : LabelSkew.dirichlet(shuffled, sites, alpha, random);
    }

    private void run(
            TaskDefinition definition,
            BaseModel base,
            LocalTrainer trainer,
            List<List<Example>> parted,
            List<Example> measured,
            int count,
            PrintWriter out)
            throws IOException {
        List<List<Example>> shares = new ArrayList<>();
        List<List<Example>> own = new ArrayList<>();
        for (List<Example> share : parted) {
            shares.add(every(share, false));
            own.add(every(share, true));
        }
        SimulatedFederation federation =
                new SimulatedFederation(definition, trainer, shares, own, seed, new SecureRandom());
        out.printf(
                Locale.ROOT,
                "%s: %d sites, %s, %d rounds; %d rows to train on, %d to measure on; %d parameters: a site sends %.3f MB a round (in floats %.3f, of the whole model in floats %.1f)%n",
                definition.task(),
                sites,
                alpha == null ? "equal shares" : "labels skewed with alpha " + alpha,
                count,
                shares.stream().mapToInt(List::size).sum(),
                measured.size(),
                definition.layout().size(),
                federation.uploadBytes() / 1e6,
                definition.layout().size() * 4 / 1e6,
                base.parameters() * 4 / 1e6);
        for (int site = 0; site < sites; site++) {
            out.printf("  site %-4d %s%n", site + 1, counts(definition, parted.get(site)));
        }
        out.flush();
        Checkpoint newest = Checkpoint.initial(definition, seed);
        keep(newest);
        float[] pooled = newest.vector();
        List<Example> heldOut = own.stream().flatMap(List::stream).toList();
        List<Map<String, Object>> history = new ArrayList<>();
        @Nullable ModelEvaluation last = null;
        @Nullable ModelEvaluation beside = null;
        for (int number = 1; number <= count; number++) {
            SimulatedFederation.Round round = federation.next(TrainingListener.NONE);
            newest = Checkpoint.create(
                    definition,
                    number,
                    number,
                    newest.manifest().sha256(),
                    sites,
                    number * definition.rho(),
                    round.epsilonSpent(),
                    federation.model());
            keep(newest);
            last = evaluate(definition, base, federation.model(), measured);
            if (central) {
                pooled = trainer.train(
                                federation.turn(number),
                                heldOut,
                                pooled,
                                definition.training(),
                                number,
                                TrainingListener.NONE)
                        .parameters();
                beside = evaluate(definition, base, pooled, measured);
            }
            out.printf(
                    Locale.ROOT,
                    "round %-4d macro-F1 %.4f accuracy %.4f%s  loss %.3f  clip norm %.3g  epsilon %.4g%n",
                    number,
                    last.macroF1(),
                    last.accuracy(),
                    beside == null ? "" : String.format(Locale.ROOT, "  central %.4f", beside.macroF1()),
                    round.metrics().meanLoss(),
                    round.clipNorm(),
                    round.epsilonSpent());
            out.flush();
            history.add(line(round, last, beside));
        }
        finish(definition, base, federation, own, history, last, beside, out);
    }

    private void finish(
            TaskDefinition definition,
            BaseModel base,
            SimulatedFederation federation,
            List<List<Example>> own,
            List<Map<String, Object>> history,
            @Nullable ModelEvaluation last,
            @Nullable ModelEvaluation beside,
            PrintWriter out)
            throws IOException {
        if (last == null) {
            throw new IllegalStateException("at least one round was run");
        }
        double least = 1;
        for (List<Example> rows : own) {
            if (!rows.isEmpty()) {
                least = Math.min(
                        least,
                        evaluate(definition, base, federation.model(), rows).accuracy());
            }
        }
        String markdown = last.markdown();
        out.println();
        out.print(markdown);
        for (ColumnStatistics.Column column :
                ColumnStatistics.read(definition.statistics(), definition.layout(), federation.model())) {
            out.printf(
                    Locale.ROOT,
                    "%s: mean %.4g of the %.1f %% of rows that have it%n",
                    column.name(),
                    column.mean(),
                    100 * column.share());
        }
        out.printf(Locale.ROOT, "%nleast share of right answers of any site on its own rows held out: %.3f%n", least);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("task", definition.task());
        tree.put("sites", sites);
        tree.put("alpha", alpha);
        tree.put("uploadBytes", federation.uploadBytes());
        tree.put("uploadBytesOfWholeModelInFloats", base.parameters() * 4);
        tree.put("federated", last.tree());
        tree.put("central", beside == null ? null : beside.tree());
        tree.put("leastSiteAccuracy", least);
        tree.put("rounds", history);
        report.write(
                markdown,
                tree,
                SharePlot.overRounds("macro-F1 after each round of " + definition.task(), curves(history)));
        out.println(new ObjectMapper().writeValueAsString(tree));
    }

    private void keep(Checkpoint checkpoint) throws IOException {
        if (store != null) {
            new LocalModelStore(store).put(checkpoint);
        }
    }

    private static Map<String, List<Double>> curves(List<Map<String, Object>> history) {
        Map<String, List<Double>> curves = new LinkedHashMap<>();
        Map<String, String> names = new LinkedHashMap<>();
        names.put("federated", "macroF1");
        names.put("central", "centralMacroF1");
        names.forEach((name, key) -> {
            List<Double> curve = history.stream()
                    .filter(line -> line.get(key) != null)
                    .map(line -> (Double) line.get(key))
                    .toList();
            if (!curve.isEmpty()) {
                curves.put(name, curve);
            }
        });
        return curves;
    }

    private static Map<String, Object> line(
            SimulatedFederation.Round round, ModelEvaluation evaluation, @Nullable ModelEvaluation beside) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("round", round.number());
        line.put("macroF1", evaluation.macroF1());
        line.put("accuracy", evaluation.accuracy());
        line.put("centralMacroF1", beside == null ? null : beside.macroF1());
        line.put("clipNorm", round.clipNorm());
        line.put("epsilon", round.epsilonSpent());
        return line;
    }

    /** One row in {@link #ONE_IN}, or the others; a site of few rows holds none out. */
    private static List<Example> every(List<Example> rows, boolean heldOut) {
        List<Example> part = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            if ((i % ONE_IN == ONE_IN - 1) == heldOut) {
                part.add(rows.get(i));
            }
        }
        return part;
    }

    private static String counts(TaskDefinition task, List<Example> rows) {
        List<String> each = new ArrayList<>();
        for (int head = 0; head < task.heads().size(); head++) {
            HeadSpec spec = task.heads().get(head);
            int[] counts = new int[spec.labels().size()];
            for (Example row : rows) {
                List<EntitySpan> entities = row.entities();
                if (row.label(head) != Example.UNKNOWN) {
                    counts[row.label(head)]++;
                } else if (spec.kind() == HeadKind.TOKENS && entities != null) {
                    entities.forEach(entity -> counts[entity.label()]++);
                }
            }
            for (int label = 0; label < counts.length; label++) {
                each.add("%s %d".formatted(spec.labels().get(label), counts[label]));
            }
        }
        return "%d rows: %s".formatted(rows.size(), String.join(", ", each));
    }

    private static ModelEvaluation evaluate(
            TaskDefinition definition, BaseModel base, float[] parameters, List<Example> rows) {
        try (Scorer scorer = Scorer.compile(base, definition.design(), parameters, Variant.FP32)) {
            return ModelEvaluation.of(scorer, rows);
        }
    }
}
