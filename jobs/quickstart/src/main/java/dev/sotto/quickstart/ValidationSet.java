package dev.sotto.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.bert.BaseModel;
import dev.sotto.bert.Evaluation;
import dev.sotto.bert.Example;
import dev.sotto.bert.Scorer;
import dev.sotto.bert.Variant;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.TaskDefinition;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Public rows that no site trains on, on which every published model is measured. */
final class ValidationSet {
    private static final List<String> RESOURCES =
            List.of("/data/goemotions/validation.jsonl", "/data/sentfin/validation.jsonl");

    private final TaskDefinition task;
    private final BaseModel base;
    private final List<Example> examples;

    private ValidationSet(TaskDefinition task, BaseModel base, List<Example> examples) {
        this.task = task;
        this.base = base;
        this.examples = examples;
    }

    /** Loads the rows and the base model. */
    static ValidationSet load(TaskDefinition task) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<Example> examples = new ArrayList<>();
        for (String resource : RESOURCES) {
            InputStream in = ValidationSet.class.getResourceAsStream(resource);
            if (in == null) {
                throw new IOException("the resource " + resource + " is missing from this build");
            }
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    JsonNode row = json.readTree(line);
                    int label = task.labels().indexOf(row.path("label").asText());
                    examples.add(new Example(row.path("text").asText(), label));
                }
            }
        }
        return new ValidationSet(task, BaseModel.load(task.base()), List.copyOf(examples));
    }

    /** Measures a model on every row. */
    Evaluation evaluate(Checkpoint checkpoint) throws IOException {
        try (Scorer scorer = Scorer.compile(
                base, task.adapter(), task.labels(), task.maxTokens(), checkpoint.vector(), Variant.FP32)) {
            return Evaluation.of(scorer, examples);
        }
    }
}
