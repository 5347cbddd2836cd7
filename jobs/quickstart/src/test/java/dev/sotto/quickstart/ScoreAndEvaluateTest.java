package dev.sotto.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.bert.BaseModel;
import dev.sotto.bert.EntitySpan;
import dev.sotto.bert.Example;
import dev.sotto.bert.LocalTrainer;
import dev.sotto.bert.OfflineEngine;
import dev.sotto.bert.TextPair;
import dev.sotto.bert.TrainingListener;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.InitialModel;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.federation.TaskDefinition;
import java.awt.image.BufferedImage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A model of two heads, trained on a few lines, in a store. */
class ScoreAndEvaluateTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> NAMES = List.of("Anna", "Peter", "Maria", "John");

    @TempDir
    static Path directory;

    private static Path store;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void train() throws Exception {
        TaskDefinition task = TaskDefinition.read(
                Files.writeString(
                        directory.resolve("task.yaml"),
                        """
                task: reviews
                base: {name: all-minilm-l6-v2, layers: 6, hidden: 384}
                columns: {text: message}
                heads:
                  - {name: mood, kind: text, labels: [bad, good]}
                  - {name: ner, kind: tokens, labels: [PER]}
                maxTokens: 16
                adapter: {rank: 4, alpha: 8, layers: [5]}
                training: {examplesPerRound: 80, batch: 8, learningRate: 0.003, headLearningRate: 0.02, warmupBatches: 0, priorCorrection: true}
                rounds: {count: 2, perBlock: 2, minCohort: 3, minSurvivors: 3, enrolSeconds: 30, bundleSeconds: 30, uploadSeconds: 30, unmaskSeconds: 30}
                encoding: {ringBits: 32, chunkEntries: 2048, clipNorm: 4.0, scale: 65536}
                privacy: {mode: central, noiseMultiplier: 0.001, delta: 1.0e-5, budgetEpsilon: 1.0e7}
                """));
        OfflineEngine.start(1);
        float[] parameters = InitialModel.vector(task.layout(), 1);
        try (LocalTrainer trainer = LocalTrainer.compile(BaseModel.load(task.base()), task.design())) {
            for (int pass = 0; pass < 4; pass++) {
                parameters = trainer.train(rows(), parameters, task.training(), pass, TrainingListener.NONE)
                        .parameters();
            }
        }
        LocalModelStore models = new LocalModelStore(directory.resolve("models"));
        Checkpoint initial = Checkpoint.initial(task, 1);
        models.put(initial);
        models.put(Checkpoint.create(task, 1, 1, initial.manifest().sha256(), 3, 0.1, 1, parameters));
        store = directory.resolve("models/reviews");
    }

    private static List<Example> rows() {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            String name = NAMES.get(i % 4);
            String text = "%s was %s today".formatted(name, i / 4 % 2 == 0 ? "terrible" : "wonderful");
            rows.add(new Example(
                    TextPair.of(text),
                    List.of(i / 4 % 2, Example.UNKNOWN),
                    List.of(new EntitySpan(0, name.length(), 0)),
                    List.of()));
        }
        return rows;
    }

    private int execute(String... arguments) {
        CommandLine sotto = Sotto.commandLine();
        sotto.setOut(new PrintWriter(out, true));
        sotto.setErr(new PrintWriter(err, true));
        return sotto.execute(arguments);
    }

    private static Path file(String name, String content) throws Exception {
        return Files.writeString(directory.resolve(name), content);
    }

    private JsonNode line(int number) throws Exception {
        return JSON.readTree(out.toString().lines().toList().get(number));
    }

    @Test
    void score_plainText_saysWhatEveryHeadSaysByTheNewestVersion() throws Exception {
        Path texts = file("texts.txt", "Maria was wonderful today\n\nPeter was terrible today\n");
        assertThat(execute("score", texts.toString(), "--model", store.toString()))
                .as(err.toString())
                .isZero();
        JsonNode good = line(0);
        assertThat(good.path("line").asInt()).isEqualTo(1);
        assertThat(good.path("modelVersion").asInt()).isEqualTo(1);
        assertThat(good.path("mood").path("label").asText()).isEqualTo("good");
        assertThat(good.path("mood").path("probabilities").path("good").asDouble())
                .isGreaterThan(0.5);
        assertThat(good.path("ner").toString()).isEqualTo("[{\"start\":0,\"end\":5,\"label\":\"PER\"}]");
        assertThat(line(1).path("line").asInt()).isEqualTo(3);
        assertThat(line(1).path("mood").path("label").asText()).isEqualTo("bad");
        assertThat(out.toString()).doesNotContain("Maria");
    }

    @Test
    void score_jsonlWithABadRow_tellsItsLineAndScoresTheOthers() throws Exception {
        Path texts = file(
                "texts.jsonl",
                """
                {"body": "Maria was wonderful today"}
                {"title": "secret"}
                {"body": "John was terrible today"}
                """);
        assertThat(execute(
                        "score",
                        texts.toString(),
                        "--model",
                        store.resolve("v000001").toString(),
                        "--text",
                        "body",
                        "--with-text"))
                .isEqualTo(1);
        assertThat(out.toString().lines()).hasSize(2);
        assertThat(line(0).path("text").asText()).isEqualTo("Maria was wonderful today");
        assertThat(err.toString())
                .contains("line 2: the text is missing or empty")
                .doesNotContain("secret");
    }

    @Test
    void evaluate_labelledRows_reportsEveryHeadOrTheOneAskedFor() throws Exception {
        Path gold = file(
                "gold.csv",
                "message,stars\nAnna was terrible today,1\nJohn was wonderful today,5\nPeter was terrible today,1\n");
        Path entities = file("gold.conll", "Maria B-PER\nwas O\nwonderful O\ntoday O\n");
        List<String> words = List.of("--column", "mood=stars", "--word", "mood:1=bad", "--word", "mood:5=good");
        List<String> arguments = new ArrayList<>(List.of("evaluate", gold.toString(), "--model", store.toString()));
        arguments.addAll(words);
        assertThat(execute(arguments.toArray(String[]::new))).as(err.toString()).isZero();
        assertThat(out.toString()).contains("## mood", "macro-F1 1.000", "| bad | 1.000 | 1.000 | 1.000 | 2 |");
        Path report = directory.resolve("kept/report");
        assertThat(execute(
                        "evaluate",
                        entities.toString(),
                        "--head",
                        "ner",
                        "--model",
                        store.toString(),
                        "--report",
                        report.toString()))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("## ner", "entity F1 1.000");
        List<String> lines = out.toString().lines().toList();
        JsonNode last = JSON.readTree(lines.get(lines.size() - 1));
        assertThat(last.path("ner").path("microF1").asDouble()).isEqualTo(1);
        assertThat(last.path("modelVersion").asInt()).isEqualTo(1);
        assertThat(last.has("mood")).isFalse();
        assertThat(JSON.readTree(report.resolve("report.json").toFile())).isEqualTo(last);
        assertThat(report.resolve("report.md")).content().contains("entity F1 1.000");
        BufferedImage plot = ImageIO.read(report.resolve("report.png").toFile());
        // The bar of the one label with F1 1 fills the middle of the picture.
        assertThat(plot.getRGB(376, 200)).isEqualTo(0xff1f5fa8);
        assertThat(execute(
                        "evaluate", entities.toString(), "--model", store.toString(), "--report", entities.toString()))
                .isNotZero();
        assertThat(err.toString()).contains("--report is " + entities);
    }

    @Test
    void score_orEvaluate_whatCannotBe_isRefusedByName() throws Exception {
        Path gold = file("gold2.csv", "message,mood\nfine,good\n");
        assertThat(execute("evaluate", gold.toString(), "--head", "risk", "--model", store.toString()))
                .isNotZero();
        assertThat(err.toString()).contains("--head is risk").contains("[mood, ner]");
        assertThat(execute("score", gold.toString(), "--model", directory.toString()))
                .isNotZero();
        assertThat(err.toString()).contains("holds neither manifest.json");
        assertThat(execute("score", gold.toString(), "--model", store.toString(), "--second", "x"))
                .isNotZero();
        assertThat(err.toString()).contains("--second is x");
    }
}
