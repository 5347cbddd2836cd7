package dev.sotto.connect.flink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.broker.EmbeddedBroker;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.TopicAdmin;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.DeadLetter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources, sinks and dead letters against a broker. */
class KafkaRecordsITCase {
    @TempDir
    Path directory;

    /** Passes records on and refuses those that begin with a zero. */
    static final class Sieve extends ProcessFunction<RawRecord, OutgoingRecord> {
        private static final long serialVersionUID = 1L;

        @Override
        public void processElement(RawRecord record, Context context, Collector<OutgoingRecord> out) {
            if (record.value()[0] == 0) {
                context.output(Refused.TAG, Refused.of(record, Rejection.MALFORMED, "begins with a zero"));
            } else {
                out.collect(new OutgoingRecord(record.value(), record.value()));
            }
        }
    }

    @Test
    void job_committedAbortedAndBadRecords_endWhereTheyBelong() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"))) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                new TopicAdmin(admin).createMissing((short) 1);
            }
            byte[] large = new byte[Topics.UPDATES.maxMessageBytes() - 200];
            try (KafkaProducer<byte[], byte[]> producer = producer(broker)) {
                producer.initTransactions();
                producer.beginTransaction();
                send(producer, new byte[] {66});
                producer.flush();
                producer.abortTransaction();
                producer.beginTransaction();
                send(producer, new byte[] {1});
                send(producer, large);
                send(producer, new byte[] {2});
                producer.commitTransaction();
            }
            JobClient job = start(broker.bootstrap());
            assertThat(read(broker, Topics.MODELS.name(), 2))
                    .extracting(ConsumerRecord::value)
                    .containsExactly(new byte[] {1}, new byte[] {2});
            DeadLetter letter = AvroCodec.decode(
                    read(broker, Topics.UPDATES.deadLetters(), 1).get(0).value(), DeadLetter.class);
            assertThat(letter.getReason()).isEqualTo("MALFORMED");
            assertThat(letter.getPartition()).isZero();
            assertThat(AvroCodec.bytes(letter.getValue())).isEqualTo(large);
            job.cancel().get();
        }
    }

    private JobClient start(String bootstrap) throws Exception {
        Configuration flink = new Configuration();
        flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(300));
        flink.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1, flink);
        JobConventions.apply(env);
        SingleOutputStreamOperator<OutgoingRecord> passed = env.fromSource(
                        KafkaRecords.source(bootstrap, Topics.UPDATES.name(), "sotto-test", Map.of()),
                        WatermarkStrategy.noWatermarks(),
                        "updates",
                        RawRecord.TYPE)
                .uid("source")
                .process(new Sieve(), OutgoingRecord.TYPE)
                .uid("sieve");
        passed.sinkTo(KafkaSinks.exactlyOnce(bootstrap, Topics.MODELS, "sotto-test", Map.of()))
                .uid("sink");
        DeadLetterSink.attach(List.of(passed), KafkaSinks.deadLetters(bootstrap, Map.of()));
        return env.executeAsync();
    }

    private static KafkaProducer<byte[], byte[]> producer(EmbeddedBroker broker) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrap(),
                        "transactional.id",
                        "site",
                        "max.request.size",
                        4 * 1024 * 1024),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, byte[] value) {
        producer.send(new ProducerRecord<>(Topics.UPDATES.name(), 0, null, value));
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(EmbeddedBroker broker, String topic, int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrap(),
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
            while (records.size() < count && System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        assertThat(records).as("records of " + topic).hasSize(count);
        return records;
    }
}
