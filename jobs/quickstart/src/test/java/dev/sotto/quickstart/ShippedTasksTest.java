package dev.sotto.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.federation.TaskDefinition;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The task files that are shipped, on the rows that are shipped, through the same command. */
class ShippedTasksTest {
    private static final Path RESOURCES = Path.of("src/main/resources");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path directory;

    static Stream<Path> tasks() throws Exception {
        try (Stream<Path> files = Files.list(RESOURCES.resolve("tasks"))) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void task_ofEveryFile_isNamedAsItsFileAndWorksAmongManySites(Path file) {
        TaskDefinition task = TaskDefinition.read(file);
        assertThat(file.getFileName().toString()).isEqualTo(task.task() + ".yaml");
        for (int sites : new int[] {4, 20, 100}) {
            task.requireWorkable(sites);
        }
        // The budget admits every round of it.
        assertThat(task.rounds().count() * task.rho())
                .isLessThanOrEqualTo(task.budget().rho());
    }

    /** The report of a federation of four sites on so many rows of each file at most. */
    private JsonNode simulate(
            String task, int most, int rounds, List<String> data, List<String> validation, String... more)
            throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("simulate", "--task", forFewRows(task), "--sites", "4", "--rounds", String.valueOf(rounds)));
        for (String file : data) {
            arguments.addAll(List.of("--data", some(file, most)));
        }
        for (String file : validation) {
            arguments.addAll(List.of("--validation", some(file, 80)));
        }
        arguments.addAll(List.of(more));
        CommandLine sotto = Sotto.commandLine();
        sotto.setOut(new PrintWriter(out, true));
        sotto.setErr(new PrintWriter(err, true));
        assertThat(sotto.execute(arguments.toArray(String[]::new)))
                .as(err.toString())
                .isZero();
        List<String> lines = out.toString().lines().toList();
        return new ObjectMapper().readTree(lines.get(lines.size() - 1)).path("federated");
    }

    /** The task for sites of few rows: a site's weight, and with it what is heard over the noise, is its share of a round's most. */
    private String forFewRows(String task) throws Exception {
        String text = Files.readString(RESOURCES.resolve("tasks/" + task + ".yaml"));
        assertThat(text).contains("examplesPerRound: 400");
        return Files.writeString(
                        directory.resolve("task.yaml"), text.replace("examplesPerRound: 400", "examplesPerRound: 100"))
                .toString();
    }

    /** The first rows of a file, or of sentences, which end in an empty line. */
    private String some(String file, int rows) throws Exception {
        Path from = RESOURCES.resolve("data").resolve(file);
        String end = file.endsWith(".conll") ? "\n\n" : "\n";
        String[] all = Files.readString(from).split(end);
        String text = String.join(end, List.of(all).subList(0, Math.min(rows, all.length))) + "\n";
        return Files.writeString(directory.resolve(file.replace('/', '-')), text)
                .toString();
    }

    @Test
    void customerService_filesThatTeachOneHeadEach_areLearnedTogether() throws Exception {
        JsonNode report = simulate(
                "customer-service",
                120,
                3,
                List.of("goemotions/care-centre.jsonl", "banking77/intent.csv", "btc/entities.conll"),
                List.of(
                        "goemotions/validation.jsonl",
                        "banking77/intent-validation.csv",
                        "btc/entities-validation.conll"),
                "--column",
                "sentiment=label");
        assertThat(report.path("intent").path("macroF1").asDouble()).isGreaterThan(0.5);
        assertThat(report.path("sentiment").path("rows").asInt()).isEqualTo(80);
        assertThat(report.path("ner").path("rows").asInt()).isGreaterThan(70);
    }

    @Test
    void finance_aHeadlineAndACompany_areJudgedTogether() throws Exception {
        JsonNode report = simulate(
                "finance",
                400,
                2,
                List.of("sentfin/entities.csv"),
                List.of("sentfin/entities-validation.csv"),
                "--column",
                "risk=sentiment",
                "--word",
                "risk:negative=high",
                "--word",
                "risk:neutral=none",
                "--word",
                "risk:positive=none");
        assertThat(report.path("sentiment").path("accuracy").asDouble()).isGreaterThan(0.42);
        assertThat(report.path("risk").path("accuracy").asDouble()).isGreaterThan(0.55);
    }

    @Test
    void medical_notes_haveTheirEntitiesFoundAndTheirColumnsCounted() throws Exception {
        JsonNode report =
                simulate("medical", 480, 5, List.of("notes/notes.jsonl"), List.of("notes/notes-validation.jsonl"));
        assertThat(report.path("ner").path("microF1").asDouble()).isGreaterThan(0.5);
        // 0.9 of the rows have an age around 54; noise and the clipped first round allow for the rest.
        assertThat(out.toString()).containsPattern("age: mean (4\\d|5\\d|6\\d)(\\.\\d+)? of the (8|9)\\d\\.\\d %");
    }

    @Test
    void recommendation_anInterestAndAnItem_areJudgedTogether() throws Exception {
        JsonNode report = simulate(
                "recommendation", 500, 3, List.of("banking77/pairs.csv"), List.of("banking77/pairs-validation.csv"));
        assertThat(report.path("wanted").path("accuracy").asDouble()).isGreaterThan(0.6);
    }
}
