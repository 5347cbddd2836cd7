package dev.sotto.scoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.connect.flink.RawRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The hand-written messages of messages.jsonl, personal data and all. */
final class TestFeed {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A line.
     *
     * @param message the message as upstream writes it, but for its time
     * @param at seconds after the feed's beginning
     * @param secrets personal data in it, which no output may hold
     */
    record Line(Channel channel, ObjectNode message, long at, List<String> secrets) {
        byte[] key() {
            return message.path(channel.keyField()).asText().getBytes(StandardCharsets.UTF_8);
        }

        /** The record's value for a feed that begins at {@code start}; the suffix keeps ids apart. */
        byte[] value(Instant start, String idSuffix) {
            ObjectNode copy = message.deepCopy()
                    .put("id", message.path("id").asText() + idSuffix)
                    .put("time", start.plusSeconds(at).toString());
            try {
                return JSON.writeValueAsBytes(copy);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        RawRecord record(long offset, Instant start) {
            return new RawRecord(
                    channel.topic().name(), 0, offset, start.plusSeconds(at).toEpochMilli(), key(), value(start, ""));
        }
    }

    private TestFeed() {}

    static List<Line> lines() throws IOException {
        List<Line> lines = new ArrayList<>();
        try (InputStream in = TestFeed.class.getResourceAsStream("/messages.jsonl")) {
            for (String text : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                ObjectNode node = (ObjectNode) JSON.readTree(text);
                Channel channel =
                        Channel.valueOf(node.remove("channel").asText().toUpperCase(Locale.ROOT));
                long at = node.remove("at").asLong();
                List<String> secrets = new ArrayList<>();
                for (JsonNode secret : node.remove("secrets")) {
                    secrets.add(secret.asText());
                }
                lines.add(new Line(channel, node, at, List.copyOf(secrets)));
            }
        }
        return lines;
    }

    static List<String> secrets() throws IOException {
        return lines().stream().flatMap(line -> line.secrets().stream()).toList();
    }
}
