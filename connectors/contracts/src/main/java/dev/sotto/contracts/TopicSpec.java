package dev.sotto.contracts;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A topic as the catalogue wants it.
 *
 * @param name the topic's name
 * @param partitions partitions; a topic whose order matters as a whole has one
 * @param retention how long records are kept; ignored when compacted
 * @param compacted whether only the newest record a key is kept
 * @param brokerTime whether the broker stamps records (LogAppendTime), so that no writer can forge event time
 * @param maxMessageBytes the largest record batch the broker takes
 * @param writers roles that may write
 * @param readers roles that may read
 */
public record TopicSpec(
        String name,
        int partitions,
        Duration retention,
        boolean compacted,
        boolean brokerTime,
        int maxMessageBytes,
        Set<Role> writers,
        Set<Role> readers) {
    private static final String DEAD_LETTERS = ".dlq";

    public TopicSpec {
        writers = Set.copyOf(writers);
        readers = Set.copyOf(readers);
    }

    /** The name of the topic for what is refused from this one. */
    public String deadLetters() {
        return name + DEAD_LETTERS;
    }

    /** The topic's configuration, by Kafka's keys. */
    public Map<String, String> configs() {
        Map<String, String> configs = new LinkedHashMap<>();
        configs.put("cleanup.policy", compacted ? "compact" : "delete");
        configs.put("retention.ms", compacted ? "-1" : Long.toString(retention.toMillis()));
        configs.put("max.message.bytes", Integer.toString(maxMessageBytes));
        configs.put("message.timestamp.type", brokerTime ? "LogAppendTime" : "CreateTime");
        return configs;
    }
}
