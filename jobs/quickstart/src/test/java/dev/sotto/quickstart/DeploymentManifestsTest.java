package dev.sotto.quickstart;

import static dev.sotto.quickstart.Manifests.BASE;
import static dev.sotto.quickstart.Manifests.DOCKER;
import static dev.sotto.quickstart.Manifests.ROOT;
import static dev.sotto.quickstart.Manifests.strings;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.aggregation.AggregationOptions;
import dev.sotto.connect.flink.JobOptions;
import dev.sotto.contracts.AccessRules;
import dev.sotto.contracts.Role;
import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.Topics;
import dev.sotto.coordination.CoordinationConfig;
import dev.sotto.coordination.runtime.FunctionServer;
import dev.sotto.scoring.ScoringOptions;
import dev.sotto.site.SiteConfig;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Manifests and code cannot drift: topics, rights, options, commands, ports and logins are held against each other. */
class DeploymentManifestsTest {
    private static final Pattern TOPIC = Pattern.compile("\\b(fl\\.[a-z]+|text\\.[a-z]+)(\\.dlq)?\\b(?![:/])");
    private static final Map<String, List<ConfigOption<?>>> OPTIONS =
            Map.of("aggregation", AggregationOptions.all(), "scoring", ScoringOptions.all());

    @Test
    void topics_ofTheCluster_areTheCatalogues() throws IOException {
        Map<String, Map<String, String>> declared = new HashMap<>();
        Map<String, Map<String, String>> catalogue = new HashMap<>();
        for (JsonNode topic : Manifests.documents(BASE.resolve("topics.yaml"))) {
            Map<String, String> settings = new TreeMap<>();
            settings.put("partitions", topic.at("/spec/partitions").asText());
            topic.at("/spec/config")
                    .fields()
                    .forEachRemaining(entry ->
                            settings.put(entry.getKey(), entry.getValue().asText()));
            // How many replicas must answer is the cluster's affair, not the catalogue's.
            assertThat(settings.remove("min.insync.replicas")).isEqualTo("2");
            declared.put(topic.at("/metadata/name").asText(), settings);
        }
        for (TopicSpec topic : Topics.all()) {
            Map<String, String> settings = new TreeMap<>(topic.configs());
            settings.put("partitions", Integer.toString(topic.partitions()));
            catalogue.put(topic.name(), settings);
        }
        assertThat(declared).isEqualTo(catalogue);
    }

    @ParameterizedTest
    @CsvSource({
        "users.yaml,sotto-coordination,COORDINATION,sotto-coordination",
        "users.yaml,sotto-aggregation,AGGREGATION,sotto-aggregation",
        "users.yaml,sotto-scoring,SCORING,sotto-scoring",
        "users.yaml,sotto-operator,OPERATOR,sotto-operator",
        "site-user.yaml,bank-north,SITE,sotto-site-sentiment-bank-north"
    })
    void rights_ofAUser_areItsRoles(String file, String user, Role role, String prefix) throws IOException {
        Set<String> given = new TreeSet<>();
        JsonNode acls = Manifests.document(file, "KafkaUser", user).at("/spec/authorization/acls");
        for (JsonNode acl : acls) {
            JsonNode resource = acl.path("resource");
            for (String operation : strings(acl.path("operations"))) {
                given.add(right(
                        operation,
                        resource.path("type").asText().replace("transactionalId", "transactional_id"),
                        resource.path("patternType").asText().equals("prefix"),
                        resource.path("name").asText()));
            }
        }
        Set<String> due = new TreeSet<>();
        for (AclBinding rule : AccessRules.of(role, "User:" + user, prefix)) {
            due.add(right(
                    rule.entry().operation().name(),
                    rule.pattern().resourceType().name(),
                    rule.pattern().patternType() == PatternType.PREFIXED,
                    rule.pattern().name()));
        }
        // Kafka lets whoever may read or write also describe, so that right says nothing of its own.
        given.removeIf(right -> right.startsWith("describe "));
        due.removeIf(right -> right.startsWith("describe "));
        assertThat(given).isEqualTo(due);
    }

    private static String right(String operation, String type, boolean prefixed, String name) {
        return "%s %s %s %s"
                        .formatted(operation, type, prefixed ? "prefixed" : "literal", "")
                        .toLowerCase()
                + name;
    }

    @Test
    void users_ofTheCluster_areAllHeldAgainstARole() throws IOException {
        Set<String> users = new HashSet<>();
        for (String file : List.of("users.yaml", "site-user.yaml")) {
            Manifests.documents(BASE.resolve(file))
                    .forEach(user -> users.add(user.at("/metadata/name").asText()));
        }
        assertThat(users)
                .containsExactlyInAnyOrder(
                        "sotto-coordination", "sotto-aggregation", "sotto-scoring", "sotto-operator", "bank-north");
    }

    @Test
    void topicNames_anywhere_areTheCatalogues() throws IOException {
        List<String> catalogue = Topics.all().stream().map(TopicSpec::name).toList();
        for (Path file : Manifests.yaml()) {
            Matcher names = TOPIC.matcher(Files.readString(file));
            while (names.find()) {
                assertThat(catalogue).as(file.toString()).contains(names.group());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"aggregation", "scoring"})
    void options_ofAJob_areTakenByIt(String job) throws IOException {
        List<List<String>> calls = new ArrayList<>();
        calls.add(strings(deployment(job).at("/spec/job/args")));
        List<String> command = strings(Manifests.services().path(job).path("command"));
        calls.add(command.subList(command.indexOf("/opt/flink/usrlib/sotto-" + job + ".jar") + 1, command.size()));
        for (List<String> call : calls) {
            Configuration parsed = JobOptions.parse(call.toArray(String[]::new), OPTIONS.get(job));
            for (String needed : List.of("task.file", "trust.file", "model.store")) {
                assertThat(parsed.containsKey(job + "." + needed)).as(needed).isTrue();
            }
        }
    }

    private static JsonNode deployment(String job) throws IOException {
        return Manifests.document(job + ".yaml", "FlinkDeployment", "sotto-" + job);
    }

    @ParameterizedTest
    @CsvSource({"aggregation", "scoring"})
    void mainClass_ofAJob_isThere(String job) throws Exception {
        String main = deployment(job).at("/spec/job/entryClass").asText();
        assertThat(Class.forName(main).getMethod("main", String[].class)).isNotNull();
        assertThat(strings(Manifests.services().path(job).path("command"))).contains(main);
        assertThat(deployment(job).at("/spec/flinkVersion").asText()).isEqualTo("v2_2");
    }

    @Test
    void checkpoints_ofEveryClient_areOn() throws IOException {
        for (String service : List.of("jobmanager", "taskmanager", "aggregation", "scoring")) {
            // A job takes its checkpoint interval from the client that submits it, not from the cluster.
            assertThat(Manifests.services()
                            .at("/" + service + "/environment/FLINK_PROPERTIES")
                            .asText())
                    .as(service)
                    .contains("execution.checkpointing.interval:");
        }
        for (String job : OPTIONS.keySet()) {
            assertThat(deployment(job)
                            .at("/spec/flinkConfiguration")
                            .path("execution.checkpointing.interval")
                            .asText())
                    .isNotEmpty();
        }
    }

    @Test
    void commands_ofTheContainers_parse() throws IOException {
        List<List<String>> commands = new ArrayList<>();
        for (JsonNode document : Manifests.documents(BASE.resolve("coordination.yaml"))) {
            JsonNode container = document.at("/spec/template/spec/containers/0");
            if (container.at("/command/0").asText().equals("sotto")) {
                commands.add(strings(container.path("args")));
            }
        }
        for (JsonNode service : Manifests.services()) {
            List<String> command = strings(service.path("command"));
            if (!command.isEmpty() && command.get(0).equals("sotto")) {
                commands.add(command.subList(1, command.size()));
            }
        }
        assertThat(commands).hasSize(7);
        for (List<String> command : commands) {
            CommandLine.ParseResult parsed = Sotto.commandLine().parseArgs(command.toArray(String[]::new));
            assertThat(parsed.hasSubcommand()).as(command.toString()).isTrue();
        }
    }

    @Test
    void ports_ofFlink_areInItsPolicy() throws IOException {
        Set<String> open = new TreeSet<>();
        for (JsonNode rule : Manifests.document("access.yaml", "NetworkPolicy", "sotto-flink")
                .at("/spec/ingress")) {
            rule.path("ports").forEach(port -> open.add(port.path("port").asText()));
        }
        for (String job : OPTIONS.keySet()) {
            Set<String> pinned = new TreeSet<>();
            deployment(job).at("/spec/flinkConfiguration").fields().forEachRemaining(option -> {
                if (option.getKey().endsWith(".port")) {
                    pinned.add(option.getValue().asText());
                }
            });
            assertThat(pinned).as(job).isEqualTo(open);
        }
    }

    @Test
    void ports_published_areOnTheLoopbackInterface() throws IOException {
        int published = 0;
        for (JsonNode service : Manifests.services()) {
            for (String port : strings(service.path("ports"))) {
                assertThat(port).startsWith("127.0.0.1:");
                published++;
            }
        }
        assertThat(published).isPositive();
    }

    @Test
    void coordination_inBothPlaces_servesWhereItsRuntimeCalls(@TempDir Path directory) throws IOException {
        Path mounted = directory.resolve("coordination.yaml");
        JsonNode config = Manifests.document("coordination.yaml", "ConfigMap", "sotto-coordination");
        Files.writeString(mounted, config.at("/data/coordination.yaml").asText());
        String services = "http://%s:%d" + FunctionServer.PATH;
        assertThat(strings(Manifests.document("coordination.yaml", "Deployment", "sotto-statefun")
                        .at("/spec/template/spec/containers/0/args")))
                .contains(services.formatted(
                        "sotto-functions", CoordinationConfig.read(mounted).port()));
        CoordinationConfig composed = CoordinationConfig.read(DOCKER.resolve("config/coordination.yaml"));
        assertThat(strings(Manifests.services().at("/statefun/command")))
                .contains(services.formatted("functions", composed.port()));
    }

    @Test
    void logins_ofEveryPod_takeThePasswordFromItsSecret(@TempDir Path secret) throws IOException {
        String login =
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"a\" password=\"b\";";
        Files.writeString(secret.resolve(SaslConfigs.SASL_JAAS_CONFIG), login);
        Properties file = new Properties();
        file.load(new StringReader(Manifests.document("kafka-client.yaml", "ConfigMap", "sotto-kafka-client")
                .path("data")
                .path("client.properties")
                .asText()));
        Map<String, String> scoring = new HashMap<>();
        file.stringPropertyNames().forEach(key -> scoring.put(key, file.getProperty(key)));
        String[] args = strings(deployment("aggregation").at("/spec/job/args")).toArray(String[]::new);
        Map<String, String> aggregation =
                JobOptions.parse(args, AggregationOptions.all()).get(AggregationOptions.KAFKA);
        Path mounted = secret.resolve("coordination.yaml");
        JsonNode config = Manifests.document("coordination.yaml", "ConfigMap", "sotto-coordination");
        Files.writeString(mounted, config.at("/data/coordination.yaml").asText());

        assertThat(aggregation).isEqualTo(scoring);
        assertThat(CoordinationConfig.read(mounted).kafka()).isEqualTo(scoring);
        Map<String, Object> client = new HashMap<>(scoring);
        client.computeIfPresent(SaslConfigs.SASL_JAAS_CONFIG, (key, value) -> value.toString()
                .replace("/run/secrets/kafka", secret.toString()));
        client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "kafka:9093");
        client.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        client.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        assertThat(new ProducerConfig(client)
                        .getPassword(SaslConfigs.SASL_JAAS_CONFIG)
                        .value())
                .isEqualTo(login);
    }

    @Test
    void sampleSite_ofCompose_isAConfiguration() {
        SiteConfig site = SiteConfig.read(DOCKER.resolve("sites/bank-north/site.yaml"));
        assertThat(site.site().value()).isEqualTo("bank-north");
        assertThat(site.bootstrap()).isEqualTo("kafka:9092");
    }

    @Test
    void kustomizations_resources_areTheFilesThatExist() throws IOException {
        for (String folder : List.of("k8s/base", "k8s/overlays/dev", "k8s/overlays/prod")) {
            Path directory = ROOT.resolve(folder);
            Path file = directory.resolve("kustomization.yaml");
            for (String resource : strings(Manifests.documents(file).get(0).path("resources"))) {
                assertThat(directory.resolve(resource)).exists();
            }
        }
        try (var files = Files.list(BASE)) {
            assertThat(strings(Manifests.documents(BASE.resolve("kustomization.yaml"))
                            .get(0)
                            .path("resources")))
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(file -> file.getFileName().toString())
                                    .filter(name -> !name.equals("kustomization.yaml"))
                                    .toList());
        }
    }

    @Test
    void secrets_inManifests_areNone() throws IOException {
        Pattern secret = Pattern.compile("[A-Za-z0-9+/]{43}=|PRIVATE KEY|password: *[^ {$]");
        for (Path file : Manifests.files()) {
            assertThat(secret.matcher(Files.readString(file)).find())
                    .as(file.toString())
                    .isFalse();
        }
    }
}
