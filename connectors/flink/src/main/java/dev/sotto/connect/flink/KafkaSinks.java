package dev.sotto.connect.flink;

import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.Topics;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaSinkBuilder;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Sinks into topics of the catalogue, sized after what the topic takes. Stateless. */
public final class KafkaSinks {
    /** What brokers allow a transaction at most: a checkpoint and a restart fit, and nobody is held back longer. */
    public static final Duration LONGEST_TRANSACTION = Duration.ofMinutes(5);

    /** What a producer adds around a value within one request. */
    private static final int REQUEST_OVERHEAD = 64 * 1024;

    private KafkaSinks() {}

    /**
     * A sink whose records become visible with the checkpoint that covers them, once each. Transactions are named by
     * counting up, since pooled names can leave one open after the job has shrunk.
     *
     * @param bootstrap bootstrap servers
     * @param topic a topic of the catalogue
     * @param transactionalIdPrefix stable over restarts, unique to the job and the topic
     * @param properties more producer properties; {@code transaction.timeout.ms} defaults to five minutes
     * @throws IllegalArgumentException if the transaction's time-out is not within the brokers' five minutes
     */
    public static KafkaSink<OutgoingRecord> exactlyOnce(
            String bootstrap, TopicSpec topic, String transactionalIdPrefix, Map<String, String> properties) {
        long timeout = transactionTimeout(properties);
        return builder(bootstrap, topic.maxMessageBytes(), new ToTopic(topic.name()), properties)
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(transactionalIdPrefix)
                .setTransactionNamingStrategy(TransactionNamingStrategy.INCREMENTING)
                .setProperty(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Long.toString(timeout))
                .build();
    }

    /** A sink whose records are visible at once, and twice after a failure. */
    public static KafkaSink<OutgoingRecord> atLeastOnce(
            String bootstrap, TopicSpec topic, Map<String, String> properties) {
        return builder(bootstrap, topic.maxMessageBytes(), new ToTopic(topic.name()), properties)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .build();
    }

    /** The sink of all dead letters; each goes to the dead-letter topic of where it came from, at least once. */
    public static KafkaSink<Refused> deadLetters(String bootstrap, Map<String, String> properties) {
        int largest =
                Topics.all().stream().mapToInt(TopicSpec::maxMessageBytes).max().orElseThrow();
        return builder(bootstrap, largest, new ToDeadLetters(), properties)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .build();
    }

    private static <T> KafkaSinkBuilder<T> builder(
            String bootstrap,
            int maxMessageBytes,
            KafkaRecordSerializationSchema<T> serializer,
            Map<String, String> properties) {
        KafkaSinkBuilder<T> builder = KafkaSink.<T>builder()
                .setBootstrapServers(bootstrap)
                .setRecordSerializer(serializer)
                .setProperty(
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(maxMessageBytes + REQUEST_OVERHEAD));
        properties.forEach(builder::setProperty);
        return builder;
    }

    private static long transactionTimeout(Map<String, String> properties) {
        String given = properties.getOrDefault(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Long.toString(LONGEST_TRANSACTION.toMillis()));
        long millis;
        try {
            millis = Long.parseLong(given);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "transaction.timeout.ms is '%s' but must be a number of milliseconds".formatted(given), e);
        }
        if (millis < 1 || millis > LONGEST_TRANSACTION.toMillis()) {
            throw new IllegalArgumentException(
                    "transaction.timeout.ms is %d but brokers allow at most %d (transaction.max.timeout.ms); lower it"
                            .formatted(millis, LONGEST_TRANSACTION.toMillis()));
        }
        return millis;
    }
}
