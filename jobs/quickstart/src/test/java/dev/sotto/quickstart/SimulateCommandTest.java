package dev.sotto.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SimulateCommandTest {
    private static final List<String> WORDS = List.of("awful", "as expected", "wonderful");
    private static final List<String> LABELS = List.of("negative", "neutral", "positive");
    private static final List<String> THINGS = List.of("room", "meal", "staff", "price", "service", "view");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path directory;

    private Path task;
    private Path rows;

    @BeforeEach
    void files() throws Exception {
        task = Files.writeString(
                directory.resolve("task.yaml"),
                """
                task: reviews
                base: {name: all-minilm-l6-v2, layers: 6, hidden: 384}
                heads: [{name: sentiment, kind: text, labels: [negative, neutral, positive]}]
                maxTokens: 16
                adapter: {rank: 4, alpha: 8, layers: [5]}
                training: {examplesPerRound: 24, batch: 4, learningRate: 0.003, headLearningRate: 0.03, warmupBatches: 0, priorCorrection: true}
                rounds: {count: 2, perBlock: 2, minCohort: 3, minSurvivors: 3, enrolSeconds: 30, bundleSeconds: 30, uploadSeconds: 30, unmaskSeconds: 30}
                encoding: {ringBits: 32, chunkEntries: 2048, clipNorm: 4.0, scale: 65536}
                privacy: {mode: central, noiseMultiplier: 0.001, delta: 1.0e-5, budgetEpsilon: 1.0e7}
                """);
        StringBuilder csv = new StringBuilder("text,stars\n");
        for (int i = 0; i < 90; i++) {
            csv.append("the %s number %d was %s,%s\n"
                    .formatted(THINGS.get(i / 3 % THINGS.size()), i, WORDS.get(i % 3), LABELS.get(i % 3)));
        }
        rows = Files.writeString(directory.resolve("rows.csv"), csv.append("no label,\n"));
    }

    private int simulate(String... more) {
        CommandLine sotto = Sotto.commandLine();
        sotto.setOut(new PrintWriter(out, true));
        sotto.setErr(new PrintWriter(err, true));
        List<String> arguments = new ArrayList<>(List.of("simulate", "--task", task.toString()));
        arguments.addAll(List.of(more));
        return sotto.execute(arguments.toArray(String[]::new));
    }

    @Test
    void simulate_ownRows_learnsAndTellsItInOneJsonObject() throws Exception {
        int code = simulate(
                "--sites",
                "4",
                "--alpha",
                "1",
                "--rounds",
                "3",
                "--data",
                rows.toString(),
                "--column",
                "sentiment=stars",
                "--central",
                "--report",
                directory.resolve("report").toString(),
                "--store",
                directory.resolve("models").toString());
        assertThat(err.toString()).isEmpty();
        assertThat(code).isZero();
        List<String> lines = out.toString().lines().toList();
        assertThat(lines.get(0)).contains("1 rows").contains("left out").contains("line 92");
        BufferedImage plot = ImageIO.read(directory.resolve("report/report.png").toFile());
        // The dot of round 2 is in the middle; where both curves meet the later one, of central training, hides the
        // other.
        assertThat(IntStream.range(44, 348)
                        .map(y -> plot.getRGB(376, y))
                        .anyMatch(colour -> colour == 0xff1f5fa8 || colour == 0xffb3261e))
                .isTrue();
        assertThat(directory.resolve("models/reviews")).isDirectoryContaining("glob:**v000003");
        Path text = Files.writeString(directory.resolve("text.txt"), "the staff was wonderful\n");
        out.getBuffer().setLength(0);
        CommandLine score = Sotto.commandLine();
        score.setOut(new PrintWriter(out, true));
        assertThat(score.execute(
                        "score",
                        text.toString(),
                        "--model",
                        directory.resolve("models/reviews").toString()))
                .isZero();
        assertThat(out.toString()).contains("\"modelVersion\":3").contains("\"label\":\"positive\"");
        JsonNode last = new ObjectMapper().readTree(lines.get(lines.size() - 1));
        assertThat(last.path("rounds")).hasSize(3);
        assertThat(last.path("federated").path("macroF1").asDouble())
                .isGreaterThan(0.6)
                .isGreaterThan(last.path("rounds").path(0).path("macroF1").asDouble() - 1e-9);
        assertThat(last.path("central").path("macroF1").asDouble()).isGreaterThan(0.6);
        assertThat(last.path("uploadBytes").asLong()).isGreaterThan(4 * 384 * 4);
        assertThat(last.path("federated").path("sentiment").path("rows").asInt())
                .isBetween(10, 30);
    }

    @Test
    void simulate_valuesOutsideTheirBounds_areRefusedWithValueAndBound() {
        assertThat(simulate("--sites", "1")).isNotZero();
        assertThat(err.toString()).contains("--sites is 1").contains("2 to 1000");
        assertThat(simulate("--data", rows.toString(), "--column", "sentiment=stars", "--alpha", "0"))
                .isNotZero();
        assertThat(err.toString()).contains("--alpha is 0.0").contains("above 0");
        assertThat(simulate("--validation", rows.toString())).isNotZero();
        assertThat(err.toString()).contains("given with --data");
    }

    @Test
    void simulate_aTaskThatSpendsItsBudget_stopsWithTheBound() throws Exception {
        Files.writeString(task, Files.readString(task).replace("budgetEpsilon: 1.0e7", "budgetEpsilon: 100"));
        assertThat(simulate("--sites", "3", "--rounds", "1", "--data", rows.toString(), "--column", "sentiment=stars"))
                .isNotZero();
        assertThat(err.toString()).contains("privacy budget").contains("a larger budget is a new task");
    }
}
