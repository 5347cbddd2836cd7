package dev.sotto.scoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/** The JSON of scored text. Thread-safe. */
final class ScoredJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ScoredJson() {}

    /** The value of a record on {@code text.scored}. */
    static byte[] value(ScoredMessage scored) {
        AnonymizedMessage message = scored.message();
        ObjectNode root = JSON.createObjectNode()
                .put("id", message.id())
                .put("channel", message.channel().id())
                .put("subject", message.subject());
        if (message.language() != null) {
            root.put("language", message.language());
        }
        root.put("time", Instant.ofEpochMilli(message.time()).toString()).put("text", message.text());
        probabilities(root.putObject("probabilities"), scored);
        root.put("label", scored.label()).put("modelVersion", scored.modelVersion());
        entities(root.putArray("entities"), message.entities());
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always JSON", e);
        }
    }

    static void probabilities(ObjectNode node, ScoredMessage scored) {
        for (int i = 0; i < scored.labels().size(); i++) {
            node.put(scored.labels().get(i), scored.probabilities()[i]);
        }
    }

    static void entities(ArrayNode node, List<RedactedSpan> entities) {
        for (RedactedSpan entity : entities) {
            node.addObject()
                    .put("type", entity.type())
                    .put("start", entity.start())
                    .put("end", entity.end());
        }
    }
}
