package dev.sotto.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker killed while transactions are open, and what of them is there when it is back. */
class BrokerProcessITCase {
    private static final String TOPIC = "kept";

    @TempDir
    Path directory;

    @Test
    void transactions_brokerKilledInTheMiddle_goOnOrAreAborted() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("broker"))) {
            String bootstrap = broker.bootstrap();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
                admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
                        .all()
                        .get();
            }
            KafkaProducer<String, String> patient = producer(bootstrap, "patient");
            KafkaProducer<String, String> gone = producer(bootstrap, "gone");
            commit(patient, "before");
            begin(patient, "first half");
            begin(gone, "never committed");

            assertThatThrownBy(broker::restart).isInstanceOf(IllegalStateException.class);
            broker.kill();
            broker.restart();

            assertThat(broker.bootstrap()).isEqualTo(bootstrap);
            patient.send(new ProducerRecord<>(TOPIC, "second half")).get();
            patient.commitTransaction();
            // The site's process has ended, too: the next one takes its place, and has what was left open aborted.
            gone.close(Duration.ZERO);
            try (KafkaProducer<String, String> next = producer(bootstrap, "gone")) {
                commit(next, "sent again");
            }
            patient.close();

            assertThat(committed(bootstrap)).containsExactly("before", "first half", "second half", "sent again");
        }
    }

    @Test
    void start_directoryThatIsAFile_saysWhatTheBrokerPrinted() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> BrokerProcess.start(file))
                .hasMessageContaining("before it printed")
                .hasMessageContaining(file.toString());
    }

    private static KafkaProducer<String, String> producer(String bootstrap, String transactionalId) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", bootstrap);
        properties.put("transactional.id", transactionalId);
        KafkaProducer<String, String> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    private static void begin(KafkaProducer<String, String> producer, String value) throws Exception {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(TOPIC, value)).get();
    }

    private static void commit(KafkaProducer<String, String> producer, String value) throws Exception {
        begin(producer, value);
        producer.commitTransaction();
    }

    /** Everything up to the end, as it is now; no transaction is open any more. */
    private static List<String> committed(String bootstrap) {
        List<String> values = new ArrayList<>();
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    values.add(record.value());
                }
            }
        }
        return values;
    }
}
