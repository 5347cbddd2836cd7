package dev.sotto.connect.flink;

import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes every dead letter to the topic it names. */
final class ToDeadLetters implements KafkaRecordSerializationSchema<Refused> {
    private static final long serialVersionUID = 1L;

    @Override
    public ProducerRecord<byte[], byte[]> serialize(Refused refused, KafkaSinkContext context, Long timestamp) {
        return new ProducerRecord<>(refused.deadLetterTopic(), refused.letter());
    }
}
