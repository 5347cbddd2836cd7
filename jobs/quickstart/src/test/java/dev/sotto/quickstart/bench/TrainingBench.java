package dev.sotto.quickstart.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.bert.BaseModel;
import dev.sotto.bert.OfflineEngine;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What training learns and what privacy costs it. Always: the cost of a private step over a plain one, and macro-F1 of the head alone
 * with and without protection of records. Unless it has to be quick, for each dataset what a federation reaches beside central
 * training. The last line is one JSON object.
 */
public final class TrainingBench {
    private TrainingBench() {}

    public static void main(String[] arguments) throws Exception {
        List<String> given = Arrays.asList(arguments);
        boolean quick = given.contains("--quick");
        int at = given.indexOf("--data");
        Path data = at < 0 ? null : Path.of(given.get(at + 1));
        OfflineEngine.start(1);
        BenchDataset chat = data == null ? BenchDataset.shippedChat() : BenchDataset.chat(data);
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
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("private_over_plain", rounded(cost.ratio()));
        figures.put("f1_majority", rounded(FederationRuns.majority(chat)));
        figures.put("f1_central", rounded(head.central()));
        figures.put("f1_federated", rounded(head.federated()));
        figures.put("f1_dp", rounded(head.dp()));
        figures.put("examples_per_s", rounded(PrivateStepCost.BATCH / cost.plain()));
        if (!quick) {
            Map<String, Object> federations = new LinkedHashMap<>();
            for (BenchDataset each : data == null ? BenchDataset.shipped() : BenchDataset.all(data)) {
                System.out.printf(
                        "%n%s: %d rows at %d sites, %d measured on; published: %s%n",
                        each.source(),
                        each.training().size(),
                        FederationRuns.SITES,
                        each.validation().size(),
                        each.reference());
                Map<String, Object> reached = new LinkedHashMap<>();
                new FederationRuns(each).run().forEach((name, value) -> reached.put(name, rounded(value)));
                federations.put(each.task().task(), reached);
            }
            figures.put("federations", federations);
        }
        System.out.println(new ObjectMapper().writeValueAsString(figures));
    }

    private static double rounded(double value) {
        return Math.round(value * 1e4) / 1e4;
    }
}
