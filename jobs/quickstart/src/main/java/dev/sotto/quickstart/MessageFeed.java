package dev.sotto.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.Topics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Plays the shipped chat and finance messages, personal data in them and all, onto the raw text topics. */
final class MessageFeed {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String bootstrap;
    private final Instant start;

    /**
     * A feed.
     *
     * @param start the event time of the first message; each row says how many seconds later it was written
     */
    MessageFeed(String bootstrap, Instant start) {
        this.bootstrap = bootstrap;
        this.start = start;
    }

    /** Sends everything and one record that is no JSON; returns how many messages a scorer can read. */
    int send() throws IOException, InterruptedException, ExecutionException {
        Map<String, Object> properties = Map.of("bootstrap.servers", bootstrap, "acks", "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            int sent = send(producer, Topics.CHAT, "/data/stream/chat.jsonl", "conversation");
            sent += send(producer, Topics.FINANCE, "/data/stream/finance.jsonl", "source");
            producer.send(new ProducerRecord<>(Topics.CHAT.name(), utf8("broken"), utf8("{\"id\": \"chat-")))
                    .get();
            producer.flush();
            return sent;
        }
    }

    private int send(KafkaProducer<byte[], byte[]> producer, TopicSpec topic, String resource, String key)
            throws IOException, InterruptedException, ExecutionException {
        InputStream in = MessageFeed.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IOException("the resource " + resource + " is missing from this build");
        }
        int sent = 0;
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                JsonNode row = JSON.readTree(line);
                Instant time = start.plusSeconds(row.path("at").asLong());
                ObjectNode message = row.deepCopy();
                message.remove("at");
                message.put("time", time.toString());
                // One after the other, as people write: the partitions stay about even in event time.
                producer.send(new ProducerRecord<>(
                                topic.name(),
                                null,
                                time.toEpochMilli(),
                                utf8(row.path(key).asText()),
                                JSON.writeValueAsBytes(message)))
                        .get();
                sent++;
            }
        }
        return sent;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
