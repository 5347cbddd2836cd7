package dev.sotto.connect.flink;

import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes every record to one topic; the key decides the partition. */
final class ToTopic implements KafkaRecordSerializationSchema<OutgoingRecord> {
    private static final long serialVersionUID = 1L;

    private final String topic;

    ToTopic(String topic) {
        this.topic = topic;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(OutgoingRecord record, KafkaSinkContext context, Long timestamp) {
        // No timestamp of ours: protocol topics carry the broker's.
        return new ProducerRecord<>(topic, null, null, record.key(), record.value());
    }
}
