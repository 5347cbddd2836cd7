package dev.sotto.coordination.privacy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.StrictYaml;
import dev.sotto.federation.TaskDefinition;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** A task with one setting changed, all others as its file has them. Stateless. */
final class TaskVariant {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private TaskVariant() {}

    /** The task with another promise: noise multiplier, epsilon and delta. */
    static TaskDefinition promising(TaskDefinition task, double noiseMultiplier, double epsilon, double delta) {
        ObjectNode tree = MAPPER.valueToTree(task);
        ((ObjectNode) tree.path("privacy"))
                .put("noiseMultiplier", noiseMultiplier)
                .put("budgetEpsilon", epsilon)
                .put("delta", delta);
        return read(tree);
    }

    /** The task in a ring of another width. */
    static TaskDefinition inRing(TaskDefinition task, int ringBits) {
        ObjectNode tree = MAPPER.valueToTree(task);
        ((ObjectNode) tree.path("encoding")).put("ringBits", ringBits);
        return read(tree);
    }

    /** As a file: what a task's canonical form leaves out is as the defaults say. */
    private static TaskDefinition read(ObjectNode tree) {
        try {
            return StrictYaml.read(
                    new ByteArrayInputStream(MAPPER.writeValueAsBytes(tree)), "the task", TaskDefinition.class);
        } catch (IOException e) {
            throw new IllegalStateException("a task's own tree can be written and read", e);
        }
    }
}
