package dev.sotto.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.sotto.aggregation.AggregationOptions;
import dev.sotto.contracts.AccessRules;
import dev.sotto.contracts.Role;
import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.Topics;
import dev.sotto.scoring.ScoringOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Manifests and code cannot drift: topics, rights, options and commands are held against each other. */
class DeploymentManifestsTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Path BASE = ROOT.resolve("k8s/base");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern TOPIC = Pattern.compile("\\b(fl\\.[a-z]+|text\\.[a-z]+)(\\.dlq)?\\b(?![:/])");

    private static List<JsonNode> documents(Path file) throws IOException {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
            return documents.readAll().stream().filter(JsonNode::isObject).toList();
        }
    }

    private static Stream<Path> manifests() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("k8s", "docker")) {
            try (Stream<Path> tree = Files.walk(ROOT.resolve(folder))) {
                tree.filter(file -> file.toString().endsWith(".yaml")).forEach(files::add);
            }
        }
        return files.stream();
    }

    @Test
    void topics_ofTheCluster_areTheCatalogues() throws IOException {
        Set<String> declared = new HashSet<>();
        for (JsonNode topic : documents(BASE.resolve("topics.yaml"))) {
            String name = topic.at("/metadata/name").asText();
            TopicSpec spec = Topics.named(name);
            assertThat(topic.at("/spec/partitions").asInt()).as(name).isEqualTo(spec.partitions());
            Map<String, String> configs = spec.configs();
            configs.forEach((key, value) -> assertThat(
                            topic.at("/spec/config").path(key).asText())
                    .as(name + " " + key)
                    .isEqualTo(value));
            declared.add(name);
        }
        assertThat(declared)
                .containsExactlyInAnyOrderElementsOf(
                        Topics.all().stream().map(TopicSpec::name).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "users.yaml,sotto-coordination,COORDINATION",
        "users.yaml,sotto-aggregation,AGGREGATION",
        "users.yaml,sotto-scoring,SCORING",
        "users.yaml,sotto-operator,OPERATOR",
        "site-user.yaml,bank-north,SITE"
    })
    void rights_ofAUser_areItsRoles(String file, String user, Role role) throws IOException {
        JsonNode acls = documents(BASE.resolve(file)).stream()
                .filter(document -> document.at("/metadata/name").asText().equals(user))
                .findFirst()
                .orElseThrow()
                .at("/spec/authorization/acls");
        assertThat(topics(acls, "Write")).isEqualTo(catalogue(role, AclOperation.WRITE));
        assertThat(topics(acls, "Read")).isEqualTo(catalogue(role, AclOperation.READ));
    }

    private static Set<String> topics(JsonNode acls, String operation) {
        Set<String> topics = new TreeSet<>();
        for (JsonNode acl : acls) {
            boolean has = false;
            for (JsonNode one : acl.path("operations")) {
                has |= one.asText().equals(operation);
            }
            if (has && acl.at("/resource/type").asText().equals("topic")) {
                topics.add(acl.at("/resource/name").asText());
            }
        }
        return topics;
    }

    private static Set<String> catalogue(Role role, AclOperation operation) {
        Set<String> topics = new TreeSet<>();
        AccessRules.of(role, "User:x", "x").stream()
                .filter(rule -> rule.pattern().resourceType() == ResourceType.TOPIC)
                .filter(rule -> rule.entry().operation() == operation)
                .forEach(rule -> topics.add(rule.pattern().name()));
        return topics;
    }

    @Test
    void topicNames_anywhere_areTheCatalogues() throws IOException {
        for (Path file : manifests().toList()) {
            Matcher names = TOPIC.matcher(Files.readString(file));
            while (names.find()) {
                assertThat(Topics.all().stream().map(TopicSpec::name))
                        .as(file.toString())
                        .contains(names.group());
            }
        }
    }

    @Test
    void options_ofTheJobs_exist() throws IOException {
        Set<String> known = new HashSet<>();
        for (ConfigOption<?> option : AggregationOptions.all()) {
            known.add("--" + option.key());
        }
        for (ConfigOption<?> option : ScoringOptions.all()) {
            known.add("--" + option.key());
        }
        Pattern given = Pattern.compile("--(?:aggregation|scoring)\\.[a-z.-]+");
        int seen = 0;
        for (Path file : manifests().toList()) {
            Matcher options = given.matcher(Files.readString(file));
            while (options.find()) {
                assertThat(known).as(file.toString()).contains(options.group());
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(10);
    }

    @Test
    void commands_ofTheContainers_parse() throws IOException {
        List<List<String>> commands = new ArrayList<>();
        for (JsonNode deployment : documents(BASE.resolve("coordination.yaml"))) {
            JsonNode container = deployment.at("/spec/template/spec/containers/0");
            if (container.path("command").path(0).asText().equals("sotto")) {
                commands.add(strings(container.path("args")));
            }
        }
        documents(ROOT.resolve("docker/compose.yaml")).get(0).path("services").forEach(service -> {
            List<String> command = strings(service.path("command"));
            if (!command.isEmpty() && command.get(0).equals("sotto")) {
                commands.add(command.subList(1, command.size()));
            }
        });
        assertThat(commands).hasSizeGreaterThanOrEqualTo(5);
        for (List<String> command : commands) {
            CommandLine.ParseResult parsed = Sotto.commandLine().parseArgs(command.toArray(String[]::new));
            assertThat(parsed.hasSubcommand()).as(command.toString()).isTrue();
        }
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(element -> strings.add(element.asText()));
        return strings;
    }

    @Test
    void mainClasses_ofTheJobs_exist() throws Exception {
        for (String job : List.of("aggregation", "scoring")) {
            JsonNode deployment = documents(BASE.resolve(job + ".yaml")).get(0);
            assertThat(deployment.at("/spec/flinkVersion").asText()).isEqualTo("v2_2");
            Class<?> main = Class.forName(deployment.at("/spec/job/entryClass").asText());
            assertThat(main.getMethod("main", String[].class)).isNotNull();
        }
    }

    @Test
    void kustomizations_resources_exist() throws IOException {
        for (String folder : List.of("k8s/base", "k8s/overlays/dev", "k8s/overlays/prod")) {
            Path directory = ROOT.resolve(folder);
            for (JsonNode resource :
                    documents(directory.resolve("kustomization.yaml")).get(0).path("resources")) {
                assertThat(directory.resolve(resource.asText())).exists();
            }
        }
    }

    @Test
    void secrets_inManifests_areNone() throws IOException {
        Pattern secret = Pattern.compile("[A-Za-z0-9+/]{43}=|PRIVATE KEY|password: *[^ {$]");
        for (Path file : manifests().toList()) {
            assertThat(secret.matcher(Files.readString(file)).find())
                    .as(file.toString())
                    .isFalse();
        }
    }
}
