package dev.sotto.quickstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.contracts.Topics;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Collects what the scoring job says: scored texts, alerts by their id (a replay is one alert) and dead letters. Thread-safe. */
final class FindingsWatch {
    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, JsonNode> scored = new LinkedHashMap<>();
    private final Map<String, JsonNode> alerts = new LinkedHashMap<>();
    private int deadLetters;

    synchronized void accept(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (record.topic().equals(Topics.SCORED.name())) {
                JsonNode text = json.readTree(record.value());
                scored.putIfAbsent(text.path("id").asText(), text);
            } else if (record.topic().equals(Topics.ALERTS.name())) {
                JsonNode alert = json.readTree(record.value());
                alerts.putIfAbsent(alert.path("id").asText(), alert);
            } else {
                deadLetters++;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the scoring job wrote something that is not JSON", e);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read what the scoring job wrote", e);
        }
    }

    synchronized List<JsonNode> scored() {
        return List.copyOf(scored.values());
    }

    synchronized List<JsonNode> alerts() {
        return List.copyOf(alerts.values());
    }

    synchronized int deadLetters() {
        return deadLetters;
    }
}
