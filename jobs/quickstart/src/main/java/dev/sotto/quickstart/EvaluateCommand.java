package dev.sotto.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.bert.Example;
import dev.sotto.bert.ModelEvaluation;
import dev.sotto.bert.Scorer;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.HeadSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sotto evaluate}. */
@Command(
        name = "evaluate",
        description = {
            "Measures a model version on labelled files: for a head of texts macro-F1, accuracy beside the majority class,",
            "every class and the confusion counts; for a head of tokens precision, recall and F1 of whole entities. Prints",
            "Markdown; the last line is one JSON object."
        },
        mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            paramLabel = "GOLD",
            arity = "1..*",
            description = "Labelled rows: .csv, .jsonl, or .conll for entities.")
    private List<Path> gold = List.of();

    @Mixin
    private final ModelOption model = new ModelOption();

    @Option(names = "--head", paramLabel = "NAME", description = "Reports this head alone.")
    private @Nullable String head;

    @Mixin
    private final ReportFiles report = new ReportFiles();

    @Mixin
    private final LabelledRows rows = new LabelledRows();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Checkpoint checkpoint = model.read();
        List<HeadSpec> heads = checkpoint.manifest().heads();
        if (head != null && heads.stream().noneMatch(known -> known.name().equals(head))) {
            throw new ConfigurationException("--head is %s but must be one of the model's: %s"
                    .formatted(head, heads.stream().map(HeadSpec::name).toList()));
        }
        List<Example> examples = rows.all(
                gold, checkpoint.manifest().columns(), checkpoint.manifest().toDesign(), out);
        ModelEvaluation evaluation;
        try (Scorer scorer = model.compile(checkpoint)) {
            evaluation = ModelEvaluation.of(scorer, examples);
        }
        if (head != null && !evaluation.heads().containsKey(head)) {
            throw new ConfigurationException(
                    "no row of %s has a label of %s; name its column, for example --column %s=label"
                            .formatted(gold, head, head));
        }
        ModelEvaluation shown = head == null ? evaluation : evaluation.of(head);
        String markdown = shown.markdown();
        out.print(markdown);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("task", checkpoint.manifest().task());
        tree.put("modelVersion", checkpoint.manifest().version());
        tree.putAll(shown.tree());
        report.write(
                markdown,
                tree,
                SharePlot.bars(
                        "F1 by label, version %d of %s"
                                .formatted(
                                        checkpoint.manifest().version(),
                                        checkpoint.manifest().task()),
                        shown.f1ByLabel()));
        out.println(new ObjectMapper().writeValueAsString(tree));
        out.flush();
        return 0;
    }
}
