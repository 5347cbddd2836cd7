package dev.sotto.site;

import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.Topics;
import dev.sotto.federation.ModelStore;
import dev.sotto.secagg.SiteId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sites on threads against a broker, and what the servers read from it. */
final class KafkaSites implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final Parties parties;
    final KafkaProperties kafka;
    final ServerSide server;
    final TestCoordination coordination;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private long appended;

    KafkaSites(Parties parties, String bootstrap) {
        this.parties = parties;
        this.kafka = new KafkaProperties(bootstrap, Map.of());
        this.server = new ServerSide(parties);
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.consumer = new KafkaConsumer<>(kafka.consumer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : List.of(Topics.SITES.name(), Topics.UPDATES.name(), Topics.MANIFESTS.name())) {
            consumer.partitionsFor(topic).forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        this.coordination = new TestCoordination(parties, this::append);
    }

    private void append(byte[] value) {
        appended++;
        byte[] key = RecordKeys.transcript(parties.task.id(), appended).getBytes(StandardCharsets.UTF_8);
        try {
            producer.send(new ProducerRecord<>(Topics.ROUNDS.name(), key, value))
                    .get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Reads what the sites have committed until the condition holds. */
    void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited " + PATIENCE + " for " + what);
            }
            read(Duration.ofMillis(200));
        }
    }

    void read(Duration timeout) {
        List<Outbox.Message> messages = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(timeout)) {
            messages.add(new Outbox.Message(record.topic(), record.key(), record.value()));
        }
        server.receive(messages);
    }

    /** A site on a thread of its own. */
    static final class Running {
        private final SiteRunner runner;
        private final CompletableFuture<Boolean> outcome;

        private Running(SiteRunner runner, CompletableFuture<Boolean> outcome) {
            this.runner = runner;
            this.outcome = outcome;
        }

        /** Stops it and waits until it has let go of its state. */
        boolean stop() throws Exception {
            runner.stop();
            return outcome.get(30, TimeUnit.SECONDS);
        }

        boolean join() throws Exception {
            return outcome.get(60, TimeUnit.SECONDS);
        }
    }

    Running start(SiteId id, Path state, ModelStore models) throws DistrustException {
        SiteJournal journal = SiteJournal.open(DirectoryStorage.open(state), parties.task.id(), id);
        KafkaOutbox outbox = new KafkaOutbox(kafka, parties.task.id(), id);
        KafkaTranscript transcript =
                new KafkaTranscript(kafka, journal.progression().anchorOffset());
        SiteContext context = new SiteContext(
                id,
                parties.task,
                parties.trust,
                parties.signer(id),
                journal,
                outbox,
                models,
                new VectorUpdate(parties.task, id),
                () -> !new PauseMarker(state).isSet(),
                Progress.NONE,
                Clock.systemUTC(),
                Parties.RANDOM);
        SiteRunner runner = new SiteRunner(context, transcript, Backoff.DOUBLING);
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    boolean ended;
                    try (journal;
                            outbox;
                            transcript) {
                        ended = runner.run();
                    } catch (Throwable e) {
                        outcome.completeExceptionally(e);
                        return;
                    }
                    outcome.complete(ended);
                },
                id.value());
        thread.setDaemon(true);
        thread.start();
        return new Running(runner, outcome);
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
    }
}
