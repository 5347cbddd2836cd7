package dev.sotto.aggregation.process;

import dev.sotto.secagg.SiteId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How a site writes: an upload in one transaction. After a failure the producer is thrown away, the next one has the
 * broker abort what was left open, and the whole upload is sent again.
 */
public final class SiteClient implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    private final Map<String, Object> properties;
    private KafkaProducer<byte[], byte[]> producer;

    public SiteClient(String bootstrap, String task, SiteId site) {
        properties = Map.of(
                "bootstrap.servers",
                bootstrap,
                "transactional.id",
                "sotto-site-%s-%s".formatted(task, site),
                "transaction.timeout.ms",
                60_000);
    }

    /** Sends the first part of an upload, so that the broker has it, and leaves the transaction open. */
    public void begin(List<ProducerRecord<byte[], byte[]>> part) throws ExecutionException, InterruptedException {
        open().beginTransaction();
        send(part);
    }

    /** Sends the rest of an upload that was begun; if that cannot be, all of it again. */
    public void finish(List<ProducerRecord<byte[], byte[]>> upload, int begun) throws InterruptedException {
        try {
            send(upload.subList(begun, upload.size()));
            producer.commitTransaction();
        } catch (ExecutionException | KafkaException e) {
            restart();
            upload(upload);
        }
    }

    /** Sends an upload, as often as it takes. */
    public void upload(List<ProducerRecord<byte[], byte[]>> upload) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                begin(upload);
                producer.commitTransaction();
                return;
            } catch (ExecutionException | KafkaException e) {
                restart();
                if (System.nanoTime() > end) {
                    throw new AssertionError("the broker took no upload within " + LIMIT, e);
                }
            }
        }
    }

    /** The site's process ends without a word. */
    public void restart() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }

    private KafkaProducer<byte[], byte[]> open() {
        if (producer == null) {
            producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
            producer.initTransactions();
        }
        return producer;
    }

    private void send(List<ProducerRecord<byte[], byte[]>> records) throws ExecutionException, InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> record : records) {
            sent.add(producer.send(record));
        }
        for (Future<RecordMetadata> future : sent) {
            future.get();
        }
    }

    @Override
    public void close() {
        restart();
    }
}
