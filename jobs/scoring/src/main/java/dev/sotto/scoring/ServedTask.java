package dev.sotto.scoring;

import dev.sotto.federation.ModelManifest;
import dev.sotto.federation.TaskDefinition;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * The part of a task that decides whether a model may serve it; travels with the operators.
 *
 * @param task the task's id
 * @param base the base model's name
 * @param labels the classes, in the order of the head's outputs
 * @param maxTokens tokens a text is cut to
 */
public record ServedTask(String task, String base, List<String> labels, int maxTokens) implements Serializable {
    public ServedTask {
        labels = List.copyOf(labels);
    }

    /** The part of a task definition. */
    public static ServedTask of(TaskDefinition task) {
        return new ServedTask(task.task(), task.base().name(), task.labels(), task.maxTokens());
    }

    /** Why a model of this manifest may not serve the task, if it may not. */
    public Optional<String> objection(ModelManifest manifest) {
        if (!manifest.task().equals(task)) {
            return Optional.of("the manifest's task is not " + task);
        }
        if (!manifest.base().name().equals(base)) {
            return Optional.of("the manifest's base model is not " + base);
        }
        if (!manifest.labels().equals(labels)) {
            return Optional.of("the manifest's labels are not " + labels);
        }
        if (manifest.maxTokens() != maxTokens) {
            return Optional.of(
                    "the manifest cuts texts to %d tokens, not %d".formatted(manifest.maxTokens(), maxTokens));
        }
        return Optional.empty();
    }
}
