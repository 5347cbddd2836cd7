package dev.sotto.quickstart.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.bert.BaseModel;
import dev.sotto.bert.OfflineEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What training learns and what privacy costs it. Always: the cost of a private step over a plain one, and macro-F1 of the head alone
 * with and without protection of records. Unless it has to be quick, for each dataset what a federation reaches beside central
 * training. With {@code --only TASK} one dataset alone; {@code --seed N} draws the federations' first parameters,
 * shares and order anew. The last line is one JSON object.
 */
public final class TrainingBench {
    private TrainingBench() {}

    public static void main(String[] arguments) throws Exception {
        List<String> given = Arrays.asList(arguments);
        Path data = given.contains("--data") ? Path.of(after(given, "--data")) : null;
        int seed = given.contains("--seed") ? Integer.parseInt(after(given, "--seed")) : 1;
        OfflineEngine.start(1);
        Map<String, Object> figures = new LinkedHashMap<>();
        if (given.contains("--only")) {
            federations(named(datasets(data), after(given, "--only")), seed, figures);
        } else {
            boolean quick = given.contains("--quick");
            headAlone(data == null ? BenchDataset.shippedChat() : BenchDataset.chat(data), quick, figures);
            if (!quick) {
                federations(datasets(data), seed, figures);
            }
        }
        System.out.println(new ObjectMapper().writeValueAsString(figures));
    }

    private static String after(List<String> given, String option) {
        return given.get(given.indexOf(option) + 1);
    }

    private static List<BenchDataset> datasets(@Nullable Path data) throws IOException {
        return data == null ? BenchDataset.shipped() : BenchDataset.all(data);
    }

    private static List<BenchDataset> named(List<BenchDataset> datasets, String task) {
        List<BenchDataset> named = datasets.stream()
                .filter(each -> each.task().task().equals(task))
                .toList();
        if (named.isEmpty()) {
            throw new IllegalArgumentException("no dataset has the task '%s'; there are %s"
                    .formatted(
                            task,
                            datasets.stream().map(each -> each.task().task()).toList()));
        }
        return named;
    }

    private static void headAlone(BenchDataset chat, boolean quick, Map<String, Object> figures) throws IOException {
        PrivateStepCost cost =
                PrivateStepCost.measure(BaseModel.load(chat.task().base()), quick ? 3 : 9);
        System.out.printf(
                Locale.ROOT,
                "a step of %d texts of %d tokens, %d parameters: plain %.3f s, private %.3f times that%n",
                PrivateStepCost.BATCH,
                PrivateStepCost.TOKENS,
                cost.parameters(),
                cost.plain(),
                cost.ratio());
        HeadAlone head = HeadAlone.measure(chat);
        figures.put("private_over_plain", rounded(cost.ratio()));
        figures.put("f1_majority", rounded(FederationRuns.majority(chat)));
        figures.put("f1_central", rounded(head.central()));
        figures.put("f1_federated", rounded(head.federated()));
        figures.put("f1_dp", rounded(head.dp()));
        figures.put("examples_per_s", rounded(PrivateStepCost.BATCH / cost.plain()));
    }

    private static void federations(List<BenchDataset> datasets, int seed, Map<String, Object> figures)
            throws IOException, InterruptedException {
        Map<String, Object> federations = new LinkedHashMap<>();
        for (BenchDataset each : datasets) {
            System.out.printf(
                    "%n%s: %d rows at %d sites, %d measured on; published: %s%n",
                    each.source(),
                    each.training().size(),
                    FederationRuns.SITES,
                    each.validation().size(),
                    each.reference());
            Map<String, Object> reached = new LinkedHashMap<>();
            new FederationRuns(each, seed).run().forEach((name, value) -> reached.put(name, rounded(value)));
            federations.put(each.task().task(), reached);
        }
        figures.put("federations", federations);
    }

    private static double rounded(double value) {
        return Math.round(value * 1e4) / 1e4;
    }
}
