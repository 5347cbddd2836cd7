package dev.sotto.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files below {@code k8s/} and {@code docker/}, as a cluster and compose would read them. */
final class Manifests {
    static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    static final Path BASE = ROOT.resolve("k8s/base");
    static final Path DOCKER = ROOT.resolve("docker");

    private static final List<Path> THEIRS =
            List.of(DOCKER.resolve("config"), DOCKER.resolve("secrets"), DOCKER.resolve("sites"));
    private static final List<Path> OURS =
            List.of(DOCKER.resolve("config/coordination.yaml"), DOCKER.resolve("sites/bank-north/site.yaml"));
    private static final ObjectMapper JSON = new ObjectMapper();

    private Manifests() {}

    /** The documents of a file, anchors and merge keys resolved. */
    static List<JsonNode> documents(Path file) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(file)) {
            for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(reader)) {
                if (document != null) {
                    documents.add(JSON.valueToTree(document));
                }
            }
        }
        return documents;
    }

    /** The document of that kind and name in {@code k8s/base}. */
    static JsonNode document(String file, String kind, String name) throws IOException {
        return documents(BASE.resolve(file)).stream()
                .filter(document -> document.path("kind").asText().equals(kind))
                .filter(document -> document.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(file + " has no " + kind + " " + name));
    }

    /** The services of the compose file. */
    static JsonNode services() throws IOException {
        return documents(DOCKER.resolve("compose.yaml")).get(0).path("services");
    }

    /** Every file of the project's own; what people put beside them to run the stack is theirs. */
    static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("k8s", "docker")) {
            try (Stream<Path> tree = Files.walk(ROOT.resolve(folder))) {
                tree.filter(Files::isRegularFile)
                        .filter(file -> THEIRS.stream().noneMatch(file::startsWith) || OURS.contains(file))
                        .forEach(files::add);
            }
        }
        return files;
    }

    /** The YAML files among them. */
    static List<Path> yaml() throws IOException {
        return files().stream()
                .filter(file -> file.toString().endsWith(".yaml"))
                .toList();
    }

    static List<String> strings(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
