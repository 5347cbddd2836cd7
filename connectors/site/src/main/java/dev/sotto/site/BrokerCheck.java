package dev.sotto.site;

import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks a broker whether a site can work with it. Stateless. */
final class BrokerCheck {
    private static final List<TopicSpec> NEEDED =
            List.of(Topics.SITES, Topics.ROUNDS, Topics.UPDATES, Topics.MANIFESTS);
    private static final Duration TIMEOUT = Duration.ofSeconds(8);

    private BrokerCheck() {}

    /**
     * Checks that the broker answers and has the topics a site uses.
     *
     * @return the number of partitions of each topic, by name
     * @throws BrokerException if not; the message says what is missing
     */
    static Map<String, Integer> run(KafkaProperties properties) throws InterruptedException {
        Map<String, Object> settings = properties.admin();
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "4000");
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(TIMEOUT.toMillis()));
        Map<String, Integer> partitions = new TreeMap<>();
        Admin admin = Admin.create(settings);
        try {
            for (TopicSpec topic : NEEDED) {
                TopicDescription description = admin.describeTopics(List.of(topic.name()))
                        .allTopicNames()
                        .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                        .get(topic.name());
                int found = description == null ? 0 : description.partitions().size();
                if (topic.equals(Topics.ROUNDS) && found != 1) {
                    throw new BrokerException("topic %s has %d partitions; its order is its meaning, so it must have 1"
                            .formatted(topic.name(), found));
                }
                partitions.put(topic.name(), found);
            }
            return partitions;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new BrokerException(
                        "the broker at %s lacks a topic of the catalogue that a site needs (%s); its operator creates them"
                                .formatted(properties.bootstrap(), names()),
                        e);
            }
            throw new BrokerException(
                    "the broker at %s does not serve this site: %s".formatted(properties.bootstrap(), e.getCause()), e);
        } catch (TimeoutException e) {
            throw new BrokerException(
                    "no broker answers at %s; look at 'bootstrap' and at the network".formatted(properties.bootstrap()),
                    e);
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    private static List<String> names() {
        return NEEDED.stream().map(TopicSpec::name).toList();
    }
}
