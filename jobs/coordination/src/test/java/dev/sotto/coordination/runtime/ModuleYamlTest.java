package dev.sotto.coordination.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.sotto.contracts.Role;
import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModuleYamlTest {
    private final String text = ModuleYaml.render(
            "broker:9092", "http://coordination:8090/functions", Map.of("security.protocol", "SASL_SSL"));

    @Test
    void topics_ofTheIngress_areWhatTheCatalogueLetsCoordinationRead() throws IOException {
        List<String> read = new ArrayList<>();
        spec(1).get("topics").forEach(topic -> read.add(topic.get("topic").asText()));
        List<String> catalogue = Topics.all().stream()
                .filter(topic -> topic.readers().contains(Role.COORDINATION))
                .map(TopicSpec::name)
                .toList();
        assertThat(read).containsExactlyInAnyOrderElementsOf(catalogue);
    }

    @Test
    void topics_ofTheIngress_goToTheFunctionTheirKeysName() throws IOException {
        JsonNode topics = spec(1).get("topics");
        assertThat(topics.get(0).toString())
                .isEqualTo("{\"topic\":\"fl.sites\",\"valueType\":\"sotto/bytes\",\"targets\":[\"sotto/site\"]}");
        assertThat(topics.get(1).get("targets").get(0).asText()).isEqualTo("sotto/round");
        assertThat(topics.get(2).get("targets").get(0).asText()).isEqualTo("sotto/block");
        assertThat(topics.get(3).get("targets").get(0).asText()).isEqualTo("sotto/ledger");
    }

    @Test
    void ingress_readsCommittedRecordsAloneAndMendsKeys() throws IOException {
        assertThat(properties(1))
                .contains(
                        "{\"isolation.level\":\"read_committed\"}",
                        "{\"interceptor.classes\":\"%s\"}".formatted(KeyedRecords.class.getName()),
                        "{\"%s\":\"fl.models,fl.ledger\"}".formatted(KeyedRecords.BY_TASK),
                        "{\"security.protocol\":\"SASL_SSL\"}");
    }

    @Test
    void egress_isExactlyOnceWithATimeoutBelowTheBrokersBound() throws IOException {
        JsonNode semantic = spec(2).get("deliverySemantic");
        assertThat(semantic.get("type").asText()).isEqualTo("exactly-once");
        int seconds =
                Integer.parseInt(semantic.get("transactionTimeout").asText().replace(" s", ""));
        assertThat(seconds).isBetween(120, 299);
        assertThat(properties(2)).contains("{\"security.protocol\":\"SASL_SSL\"}");
        int largest = Integer.parseInt(properties(2).stream()
                .filter(property -> property.contains("max.request.size"))
                .findFirst()
                .orElseThrow()
                .replaceAll("[^0-9]", ""));
        assertThat(Topics.all().stream().filter(topic -> topic.writers().contains(Role.COORDINATION)))
                .filteredOn(topic -> ModuleYaml.routes().keySet().stream()
                        .anyMatch(source -> source.deadLetters().equals(topic.name())))
                .allSatisfy(topic -> assertThat(topic.maxMessageBytes()).isLessThanOrEqualTo(largest));
    }

    @Test
    void endpoint_servesAllFunctions() throws IOException {
        assertThat(spec(0).get("functions").asText()).isEqualTo("sotto/*");
        assertThat(spec(0).get("urlPathTemplate").asText()).isEqualTo("http://coordination:8090/functions");
    }

    private List<String> properties(int document) throws IOException {
        List<String> properties = new ArrayList<>();
        spec(document).get("properties").forEach(property -> properties.add(property.toString()));
        return properties;
    }

    private JsonNode spec(int document) throws IOException {
        try (var documents = new ObjectMapper()
                .readerFor(JsonNode.class)
                .with(new YAMLFactory())
                .<JsonNode>readValues(text)) {
            return documents.readAll().get(document).get("spec");
        }
    }
}
