package dev.sotto.site;

import dev.sotto.contracts.Topics;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The properties of a site's Kafka clients: what the protocol needs, over what the configuration adds. Immutable.
 *
 * @param bootstrap the bootstrap servers
 * @param extra further properties, none of which the protocol fixes
 */
record KafkaProperties(String bootstrap, Map<String, String> extra) {
    private static final int TRANSACTION_TIMEOUT_MS = 60_000;
    /** Both below the transaction's timeout, so that a send fails before the broker takes its transaction away. */
    private static final int DELIVERY_TIMEOUT_MS = 45_000;

    private static final int REQUEST_TIMEOUT_MS = 15_000;

    /** Where secrets come from; the parts behind it are named by the configuration itself. */
    private static final String PROVIDERS = "config.providers";

    private static final Set<String> FIXED = Set.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            ProducerConfig.ACKS_CONFIG,
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            ConsumerConfig.GROUP_ID_CONFIG,
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);

    KafkaProperties {
        extra = Map.copyOf(extra);
    }

    /**
     * Refuses keys that the protocol fixes and keys that no client knows.
     *
     * @throws ConfigurationException naming the key
     */
    static void requireAllowed(Map<String, String> extra) {
        for (String key : new TreeSet<>(extra.keySet())) {
            if (FIXED.contains(key)) {
                throw new ConfigurationException(
                        "key 'kafka.%s' is fixed by the protocol; remove it from the configuration".formatted(key));
            }
            if (!key.startsWith(PROVIDERS)
                    && !ProducerConfig.configNames().contains(key)
                    && !ConsumerConfig.configNames().contains(key)
                    && !AdminClientConfig.configNames().contains(key)) {
                throw new ConfigurationException("unknown key 'kafka.%s': no Kafka client has it".formatted(key));
            }
        }
    }

    Map<String, Object> producer(TaskId task, SiteId site) {
        Map<String, Object> properties = known(ProducerConfig.configNames());
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "sotto-site-" + task + "-" + site);
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        properties.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        properties.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.SITES.maxMessageBytes());
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return properties;
    }

    Map<String, Object> consumer() {
        Map<String, Object> properties = known(ConsumerConfig.configNames());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // The hash chain says what is missing; a stored offset that is gone must not end in silence.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return properties;
    }

    Map<String, Object> admin() {
        return known(AdminClientConfig.configNames());
    }

    private Map<String, Object> known(Set<String> names) {
        Map<String, Object> properties = new HashMap<>();
        extra.forEach((key, value) -> {
            if (names.contains(key) || key.startsWith(PROVIDERS)) {
                properties.put(key, value);
            }
        });
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        return properties;
    }
}
