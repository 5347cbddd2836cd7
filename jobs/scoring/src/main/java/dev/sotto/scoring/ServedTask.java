package dev.sotto.scoring;

import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.HeadKind;
import dev.sotto.federation.HeadSpec;
import dev.sotto.federation.ModelDesign;
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
 * @param design of its models
 * @param head the head that judges messages, by its place in the design
 */
public record ServedTask(String task, String base, ModelDesign design, int head) implements Serializable {
    /** @throws IllegalArgumentException if the head does not judge texts */
    public ServedTask {
        HeadSpec spec = design.heads().get(head);
        if (spec.kind() != HeadKind.TEXT) {
            throw new IllegalArgumentException("%s is '%s' but must be a head of kind text of the task"
                    .formatted(ScoringOptions.HEAD.key(), spec.name()));
        }
    }

    /**
     * The part of a task definition.
     *
     * @param head the head's name; the task's first that judges texts if empty
     * @throws IllegalArgumentException if there is no such head or it does not judge texts
     * @throws ConfigurationException if the task judges pairs of texts
     */
    public static ServedTask of(TaskDefinition task, Optional<String> head) {
        if (task.columns().second() != null) {
            throw new ConfigurationException(
                    "task %s judges pairs of texts, of which a message has one; serve a task without columns.second"
                            .formatted(task.task()));
        }
        ModelDesign design = task.design();
        return new ServedTask(
                task.task(),
                task.base().name(),
                design,
                head.map(name -> place(design, name)).orElseGet(() -> firstOfText(design)));
    }

    private static int place(ModelDesign design, String name) {
        List<String> names = design.heads().stream().map(HeadSpec::name).toList();
        if (!names.contains(name)) {
            throw new IllegalArgumentException("%s is '%s' but must be one of the task's heads %s"
                    .formatted(ScoringOptions.HEAD.key(), name, names));
        }
        return names.indexOf(name);
    }

    private static int firstOfText(ModelDesign design) {
        return design.tokensHead() == 0 && design.heads().size() > 1 ? 1 : 0;
    }

    /** The classes that messages are judged by. */
    public List<String> labels() {
        return design.heads().get(head).labels();
    }

    /** Why a model of this manifest may not serve the task, if it may not. */
    public Optional<String> objection(ModelManifest manifest) {
        if (!manifest.task().equals(task)) {
            return Optional.of("the manifest's task is not " + task);
        }
        if (!manifest.base().name().equals(base)) {
            return Optional.of("the manifest's base model is not " + base);
        }
        if (!manifest.heads().equals(design.heads())) {
            return Optional.of("the manifest's heads are not " + design.heads());
        }
        if (!manifest.toDesign().equals(design)) {
            return Optional.of("the manifest's adapter, statistics or maxTokens are not those of " + design);
        }
        return Optional.empty();
    }
}
