package dev.sotto.quickstart;

import dev.sotto.bert.BaseModel;
import dev.sotto.bert.Evaluation;
import dev.sotto.bert.Example;
import dev.sotto.bert.Scorer;
import dev.sotto.bert.Variant;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.TaskDefinition;
import java.io.IOException;
import java.util.List;

/** Public rows that no site trains on, on which every published model is measured. */
final class ValidationSet {
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
        return new ValidationSet(task, BaseModel.load(task.base()), ShippedRows.validation(task));
    }

    /** Measures a model on every row. */
    Evaluation evaluate(Checkpoint checkpoint) throws IOException {
        try (Scorer scorer = Scorer.compile(base, task.design(), checkpoint.vector(), Variant.FP32)) {
            return Evaluation.of(scorer, 0, examples);
        }
    }
}
