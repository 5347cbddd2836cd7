package dev.sotto.coordination.runtime;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Tick;
import dev.sotto.secagg.TaskId;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a signed tick without a key to every partition of {@code fl.manifests}, so that aggregation's watermark moves when
 * nobody uploads. Ticks carry nothing and may be lost or doubled; any number of tickers may run. Thread-safe.
 */
public final class ManifestTicker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ManifestTicker.class);
    private static final Duration BLOCKED = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final EnvelopeSigner signer;
    private final TaskId task;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private boolean failing;

    private ManifestTicker(Producer<byte[], byte[]> producer, EnvelopeSigner signer, TaskId task, Clock clock) {
        this.producer = producer;
        this.signer = signer;
        this.task = task;
        this.clock = clock;
        this.timer = Executors.newSingleThreadScheduledExecutor(run -> {
            Thread thread = new Thread(run, "manifest-ticker");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Starts ticking.
     *
     * @param kafka properties of the client, {@code bootstrap.servers} among them
     * @param task the task that ticks are signed for; the watermark they move is everybody's
     */
    public static ManifestTicker start(
            Map<String, Object> kafka, EnvelopeSigner signer, TaskId task, Duration interval, Clock clock) {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(BLOCKED.toMillis()));
        ManifestTicker ticker = new ManifestTicker(
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer()),
                signer,
                task,
                clock);
        var unused = ticker.timer.scheduleAtFixedRate(ticker::tick, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
        return ticker;
    }

    private void tick() {
        try {
            String topic = Topics.MANIFESTS.name();
            byte[] value = signer.sealBytes(task, Kind.TICK, TranscriptPosition.START, new Tick(clock.millis()));
            for (PartitionInfo partition : producer.partitionsFor(topic)) {
                var unused = producer.send(
                        new ProducerRecord<>(topic, partition.partition(), null, value),
                        (written, failure) -> report(failure != null, failure));
            }
        } catch (KafkaException e) {
            report(true, e);
        }
    }

    /** Says once that ticks fail, and once that they are back. */
    private synchronized void report(boolean failed, @Nullable Exception cause) {
        if (failed && !failing) {
            LOG.warn("cannot tick {}: windows close late until it works again", Topics.MANIFESTS.name(), cause);
        } else if (!failed && failing) {
            LOG.info("ticks reach {} again", Topics.MANIFESTS.name());
        }
        failing = failed;
    }

    @Override
    public void close() {
        stop(timer);
        producer.close(BLOCKED);
    }

    private static void stop(ExecutorService timer) {
        timer.shutdownNow();
        try {
            if (!timer.awaitTermination(BLOCKED.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("the ticker did not stop within {} s", BLOCKED.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
