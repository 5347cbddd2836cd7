package dev.sotto.site;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** How a {@link Progression} is stored, with the site and task it belongs to. Immutable. */
final class ProgressionCodec {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TaskId task;
    private final SiteId site;

    ProgressionCodec(TaskId task, SiteId site) {
        this.task = task;
        this.site = site;
    }

    byte[] write(Progression progression) {
        ObjectNode json = JSON.createObjectNode()
                .put("task", task.value())
                .put("site", site.value())
                .put("endedBlock", progression.endedBlock())
                .put("anchorOffset", progression.anchorOffset());
        position(json.putObject("anchor"), progression.anchor());
        position(json.putObject("reached"), progression.reached());
        json.put("ended", progression.ended());
        return (json + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void position(ObjectNode json, TranscriptPosition position) {
        json.put("sequence", position.sequence()).put("head", position.head());
    }

    /** @throws JournalException if it is another site's or task's, or cannot be read */
    Progression read(byte[] stored) {
        try {
            JsonNode json = JSON.readTree(stored);
            String owner = json.required("task").textValue() + "/"
                    + json.required("site").textValue();
            if (!owner.equals(task + "/" + site)) {
                throw new JournalException(
                        "the state directory belongs to %s, not to %s/%s; give every site and task its own"
                                .formatted(owner, task, site));
            }
            return new Progression(
                    json.required("endedBlock").intValue(),
                    json.required("anchorOffset").longValue(),
                    position(json.required("anchor")),
                    position(json.required("reached")),
                    json.required("ended").textValue());
        } catch (IOException | IllegalArgumentException e) {
            throw new JournalException("the stored position cannot be read; restore the state directory", e);
        }
    }

    private static TranscriptPosition position(JsonNode json) throws IOException {
        return new TranscriptPosition(
                json.required("sequence").longValue(), json.required("head").binaryValue());
    }
}
