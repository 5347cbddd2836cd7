package dev.sotto.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.bert.Example;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.TaskDefinition;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The public rows in this build: sentiment of chat (GoEmotions) and of finance headlines (SEntFiN), in three classes. */
final class ShippedRows {
    private static final List<String> TRAINING = List.of(
            "/data/goemotions/care-centre.jsonl",
            "/data/goemotions/hospital-line.jsonl",
            "/data/sentfin/bank-north.jsonl",
            "/data/sentfin/bank-south.jsonl");
    private static final List<String> VALIDATION =
            List.of("/data/goemotions/validation.jsonl", "/data/sentfin/validation.jsonl");

    private static final List<String> LABELS = List.of("negative", "neutral", "positive");

    private ShippedRows() {}

    /** The rows to train on. */
    static List<Example> training(TaskDefinition task) throws IOException {
        return read(TRAINING, task);
    }

    /** Rows that no site trains on. */
    static List<Example> validation(TaskDefinition task) throws IOException {
        return read(VALIDATION, task);
    }

    private static List<Example> read(List<String> resources, TaskDefinition task) throws IOException {
        if (task.heads().size() != 1 || !task.heads().get(0).labels().containsAll(LABELS)) {
            throw new ConfigurationException(
                    "the shipped rows are labelled %s for a single head, and the task's heads are %s; name other rows with --data"
                            .formatted(LABELS, task.heads()));
        }
        List<String> labels = task.heads().get(0).labels();
        ObjectMapper json = new ObjectMapper();
        List<Example> examples = new ArrayList<>();
        for (String resource : resources) {
            InputStream in = ShippedRows.class.getResourceAsStream(resource);
            if (in == null) {
                throw new IOException("the resource " + resource + " is missing from this build");
            }
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    JsonNode row = json.readTree(line);
                    examples.add(new Example(
                            row.path("text").asText(),
                            labels.indexOf(row.path("label").asText())));
                }
            }
        }
        return List.copyOf(examples);
    }
}
