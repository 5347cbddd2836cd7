package dev.sotto.site;

import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
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
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/**
 * Writes each batch in one Kafka transaction, under a transactional id that belongs to site and task. After a failure the
 * producer is thrown away; the next one, on starting, has the broker abort what was left open.
 */
final class KafkaOutbox implements Outbox {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Map<String, Object> properties;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    KafkaOutbox(KafkaProperties properties, TaskId task, SiteId site) {
        this.properties = properties.producer(task, site);
    }

    @Override
    public void send(List<Message> messages) throws UnavailableException {
        try {
            KafkaProducer<byte[], byte[]> open = open();
            open.beginTransaction();
            List<Future<RecordMetadata>> sent = new ArrayList<>(messages.size());
            for (Message message : messages) {
                sent.add(open.send(new ProducerRecord<>(message.topic(), message.key(), message.value())));
            }
            for (Future<RecordMetadata> future : sent) {
                future.get();
            }
            open.commitTransaction();
        } catch (ExecutionException e) {
            drop();
            throw failure(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            drop();
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while sending", e);
        } catch (KafkaException | IllegalStateException e) {
            drop();
            throw failure(e);
        }
    }

    private KafkaProducer<byte[], byte[]> open() {
        if (producer == null) {
            KafkaProducer<byte[], byte[]> fresh = new KafkaProducer<>(properties);
            producer = fresh;
            fresh.initTransactions();
        }
        return producer;
    }

    private static UnavailableException failure(Throwable cause) {
        if (cause instanceof ProducerFencedException) {
            throw new BrokerException(
                    "another process writes as this site; stop it, for a site runs once with one state directory",
                    cause);
        }
        if (cause instanceof AuthorizationException || cause instanceof AuthenticationException) {
            throw new BrokerException("the broker refuses this site: " + cause.getMessage(), cause);
        }
        if (cause instanceof RecordTooLargeException
                || cause instanceof InvalidConfigurationException
                || cause instanceof UnsupportedVersionException) {
            throw new BrokerException("the broker is not set up for this task: " + cause.getMessage(), cause);
        }
        return new UnavailableException("the broker did not take the records: " + cause.getMessage(), cause);
    }

    private void drop() {
        KafkaProducer<byte[], byte[]> broken = producer;
        producer = null;
        if (broken != null) {
            broken.close(Duration.ZERO);
        }
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(CLOSE_TIMEOUT);
            producer = null;
        }
    }
}
