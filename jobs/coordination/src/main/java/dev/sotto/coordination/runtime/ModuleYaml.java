package dev.sotto.coordination.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.Topics;
import dev.sotto.coordination.function.Types;
import dev.sotto.coordination.protocol.Recipient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The runtime's {@code module.yaml}, rendered from the topic catalogue: which topic goes to which function, and how
 * functions reach topics. Stateless.
 */
public final class ModuleYaml {
    /** The consumer group of the ingress. */
    public static final String GROUP = "sotto-coordination";

    /** Just below the broker's bound of five minutes: a transaction that expires is lost with only a warning. */
    static final String TRANSACTION_TIMEOUT = "290 s";

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory()
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLGenerator.Feature.SPLIT_LINES));

    private ModuleYaml() {}

    /** Which function reads which topic; the record's key is the function's id, for models and the ledger its task alone. */
    static Map<TopicSpec, Recipient.Role> routes() {
        Map<TopicSpec, Recipient.Role> routes = new LinkedHashMap<>();
        routes.put(Topics.SITES, Recipient.Role.SITE);
        routes.put(Topics.ARRIVALS, Recipient.Role.ROUND);
        routes.put(Topics.MODELS, Recipient.Role.BLOCK);
        routes.put(Topics.LEDGER, Recipient.Role.LEDGER);
        return routes;
    }

    /**
     * Renders the module.
     *
     * @param bootstrap Kafka's bootstrap servers
     * @param endpoint the URL at which the runtime reaches {@link FunctionServer}
     * @param kafka further properties of the Kafka clients, for example of their security
     */
    public static String render(String bootstrap, String endpoint, Map<String, String> kafka) {
        StringBuilder text = new StringBuilder();
        for (Map<String, Object> component :
                List.of(endpoint(endpoint), ingress(bootstrap, kafka), egress(bootstrap, kafka))) {
            try {
                text.append(YAML.writeValueAsString(component));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("maps of text are always YAML", e);
            }
        }
        return text.toString();
    }

    private static Map<String, Object> endpoint(String url) {
        return component(
                "io.statefun.endpoints.v2/http",
                mapOf(
                        "functions",
                        Types.NAMESPACE + "/*",
                        "urlPathTemplate",
                        url,
                        "maxNumBatchRequests",
                        1000,
                        "transport",
                        // Longer than a deployment's gap: the runtime keeps asking until then.
                        Map.of("timeouts", mapOf("call", "5 min", "connect", "5 s", "read", "65 s", "write", "30 s"))));
    }

    private static Map<String, Object> ingress(String bootstrap, Map<String, String> kafka) {
        List<Map<String, Object>> topics = new ArrayList<>();
        routes().forEach((topic, role) -> topics.add(mapOf(
                "topic", topic.name(),
                "valueType", Types.BYTES.typeName().asTypeNameString(),
                "targets", List.of(Types.function(role).asTypeNameString()))));
        Map<String, String> properties = new LinkedHashMap<>(kafka);
        properties.put("isolation.level", "read_committed");
        properties.put("interceptor.classes", KeyedRecords.class.getName());
        properties.put(KeyedRecords.BY_TASK, Topics.MODELS.name() + "," + Topics.LEDGER.name());
        return component(
                "io.statefun.kafka.v1/ingress",
                mapOf(
                        "id",
                        Types.INGRESS.asTypeNameString(),
                        "address",
                        bootstrap,
                        "consumerGroupId",
                        GROUP,
                        "startupPosition",
                        Map.of("type", "earliest"),
                        "topics",
                        topics,
                        "properties",
                        list(properties)));
    }

    private static Map<String, Object> egress(String bootstrap, Map<String, String> kafka) {
        Map<String, String> properties = new LinkedHashMap<>(kafka);
        int largest = Topics.named(Topics.SITES.deadLetters()).maxMessageBytes();
        properties.put("max.request.size", Integer.toString(largest));
        return component(
                "io.statefun.kafka.v1/egress",
                mapOf(
                        "id", Types.EGRESS.asTypeNameString(),
                        "address", bootstrap,
                        "deliverySemantic", mapOf("type", "exactly-once", "transactionTimeout", TRANSACTION_TIMEOUT),
                        "properties", list(properties)));
    }

    private static Map<String, Object> component(String kind, Map<String, Object> spec) {
        return mapOf("kind", kind, "spec", spec);
    }

    private static List<Map<String, String>> list(Map<String, String> properties) {
        List<Map<String, String>> list = new ArrayList<>();
        properties.forEach((key, value) -> list.add(Map.of(key, value)));
        return list;
    }

    /** Keeps the order in which it is written. */
    private static Map<String, Object> mapOf(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
