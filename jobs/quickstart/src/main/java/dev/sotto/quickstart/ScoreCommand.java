package dev.sotto.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.bert.EntitySpan;
import dev.sotto.bert.Scorer;
import dev.sotto.bert.TextPair;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.HeadKind;
import dev.sotto.federation.HeadSpec;
import dev.sotto.federation.ModelDesign;
import dev.sotto.site.BadRow;
import dev.sotto.site.DataException;
import dev.sotto.site.TextFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sotto score}. */
@Command(
        name = "score",
        description = {
            "Scores texts with a model version, without a cluster: one JSON object a text, in the order given, with the line",
            "it began on, the model's version and what every head says. The text itself is left out unless asked for. Rows",
            "without a text are told on the error stream by their line, and make the exit code 1."
        },
        mixinStandardHelpOptions = true)
final class ScoreCommand implements Callable<Integer> {
    private static final int BATCH = 256;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description =
                    "Texts: .jsonl, .csv with a header, or else one text a line; - is the standard input (default).")
    private Path file = Path.of("-");

    @Mixin
    private final ModelOption model = new ModelOption();

    @Option(
            names = "--format",
            paramLabel = "F",
            description = "TEXT, JSONL or CSV (default: what the file's name says).")
    private @Nullable TextFormat format;

    @Option(
            names = "--text",
            paramLabel = "COLUMN",
            description = "The column or JSON field of the text (default: the model's).")
    private @Nullable String text;

    @Option(
            names = "--second",
            paramLabel = "COLUMN",
            description = "That of the other text, where the model judges pairs (default: the model's).")
    private @Nullable String second;

    @Option(names = "--with-text", description = "Repeats each text in what is printed.")
    private boolean withText;

    private final List<Long> lines = new ArrayList<>();
    private final List<TextPair> texts = new ArrayList<>();
    private boolean complete = true;

    @Override
    public Integer call() throws IOException {
        Checkpoint checkpoint = model.read();
        String textColumn =
                text != null ? text : checkpoint.manifest().columns().text();
        String ofModel = checkpoint.manifest().columns().second();
        if (ofModel == null && second != null) {
            throw new ConfigurationException(
                    "--second is %s but the model judges single texts; leave it out".formatted(second));
        }
        String secondColumn = second != null ? second : ofModel;
        try (Scorer scorer = model.compile(checkpoint);
                InputStream in = file.toString().equals("-") ? System.in : Files.newInputStream(file)) {
            TextFormat given = format == null ? TextFormat.of(file) : format;
            given.read(in, textColumn, secondColumn, new TextFormat.Texts() {
                @Override
                public void text(long line, String first, @Nullable String other) {
                    lines.add(line);
                    texts.add(new TextPair(first, other == null ? "" : other));
                    if (texts.size() == BATCH) {
                        flush(scorer, checkpoint.manifest().version());
                    }
                }

                @Override
                public void bad(BadRow row) {
                    complete = false;
                    spec.commandLine().getErr().println(row);
                }
            });
            flush(scorer, checkpoint.manifest().version());
        } catch (DataException e) {
            flushed();
            throw new ConfigurationException("%s cannot be read on: %s".formatted(file, e.getMessage()), e);
        }
        return complete ? 0 : 1;
    }

    private void flushed() {
        spec.commandLine().getOut().flush();
    }

    private void flush(Scorer scorer, int version) {
        if (texts.isEmpty()) {
            return;
        }
        ModelDesign design = scorer.design();
        List<float[][]> probabilities = scorer.probabilities(texts);
        List<List<EntitySpan>> entities = design.tokensHead() < 0 ? List.of() : scorer.entities(texts);
        PrintWriter out = spec.commandLine().getOut();
        for (int i = 0; i < texts.size(); i++) {
            ObjectNode root = JSON.createObjectNode().put("line", lines.get(i)).put("modelVersion", version);
            if (withText) {
                root.put("text", texts.get(i).first());
            }
            for (int head = 0; head < design.heads().size(); head++) {
                HeadSpec heads = design.heads().get(head);
                if (heads.kind() == HeadKind.TEXT) {
                    judged(root.putObject(heads.name()), heads, probabilities.get(head)[i]);
                } else {
                    found(root.putArray(heads.name()), heads, entities.get(i));
                }
            }
            try {
                out.println(JSON.writeValueAsString(root));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        out.flush();
        lines.clear();
        texts.clear();
    }

    private static void judged(ObjectNode node, HeadSpec head, float[] probabilities) {
        int best = 0;
        for (int label = 1; label < probabilities.length; label++) {
            best = probabilities[label] > probabilities[best] ? label : best;
        }
        node.put("label", head.labels().get(best));
        ObjectNode all = node.putObject("probabilities");
        for (int label = 0; label < probabilities.length; label++) {
            all.put(head.labels().get(label), probabilities[label]);
        }
    }

    private static void found(ArrayNode node, HeadSpec head, List<EntitySpan> entities) {
        for (EntitySpan entity : entities) {
            node.addObject()
                    .put("start", entity.start())
                    .put("end", entity.end())
                    .put("label", head.labels().get(entity.label()));
        }
    }
}
