package dev.sotto.coordination.privacy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.TaskDefinition;

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

    private static TaskDefinition read(ObjectNode tree) {
        try {
            return MAPPER.treeToValue(tree, TaskDefinition.class);
        } catch (JsonProcessingException e) {
            if (e.getCause() instanceof ConfigurationException refused) {
                throw refused;
            }
            throw new IllegalStateException("a task's own tree can be read", e);
        }
    }
}
