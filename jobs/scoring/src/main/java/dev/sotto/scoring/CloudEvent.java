package dev.sotto.scoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** Writes CloudEvents 1.0 in the JSON format (CloudEvents specification 1.0.2, section 3). Thread-safe. */
final class CloudEvent {
    private static final ObjectMapper JSON = new ObjectMapper();

    private CloudEvent() {}

    /** An empty object for an event's data. */
    static ObjectNode data() {
        return JSON.createObjectNode();
    }

    /**
     * An event.
     *
     * @param source the task that speaks
     * @param time when what it tells happened, in milliseconds; never the clock, so that a replay writes the same bytes
     */
    static Alert of(String id, String type, String source, String subject, long time, ObjectNode data) {
        ObjectNode event = JSON.createObjectNode()
                .put("specversion", "1.0")
                .put("id", id)
                .put("source", "/sotto/scoring/" + source)
                .put("type", type)
                .put("subject", subject)
                .put("time", Instant.ofEpochMilli(time).toString())
                .put("datacontenttype", "application/json")
                .set("data", data);
        try {
            return new Alert(id, type, subject, JSON.writeValueAsString(event));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always JSON", e);
        }
    }
}
