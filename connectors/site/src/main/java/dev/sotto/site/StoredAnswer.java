package dev.sotto.site;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.secagg.SiteId;
import java.io.IOException;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * An answer to an unmask request as it was stored before it was sent.
 *
 * @param survivors the survivors it answers for
 * @param willing the intent that rides on it
 * @param message the signed record
 */
record StoredAnswer(SortedSet<SiteId> survivors, boolean willing, byte[] message) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static StoredAnswer read(byte[] stored) {
        try {
            JsonNode json = JSON.readTree(stored);
            SortedSet<SiteId> survivors = new TreeSet<>();
            json.required("survivors").forEach(site -> survivors.add(new SiteId(site.textValue())));
            return new StoredAnswer(
                    survivors,
                    json.required("willing").booleanValue(),
                    json.required("message").binaryValue());
        } catch (IOException | IllegalArgumentException e) {
            throw new JournalException("a stored answer cannot be read; restore the state directory", e);
        }
    }

    byte[] bytes() {
        ObjectNode json = JSON.createObjectNode();
        survivors.forEach(site -> json.withArray("survivors").add(site.value()));
        json.put("willing", willing).put("message", message);
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts is always JSON", e);
        }
    }
}
