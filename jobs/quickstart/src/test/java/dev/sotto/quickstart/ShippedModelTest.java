package dev.sotto.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.TaskDefinition;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The model in this build, through the commands that take it where none is named. */
class ShippedModelTest {
    private static final Path RESOURCES = Path.of("src/main/resources");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private JsonNode last(String... arguments) throws Exception {
        CommandLine sotto = Sotto.commandLine();
        sotto.setOut(new PrintWriter(out, true));
        sotto.setErr(new PrintWriter(err, true));
        assertThat(sotto.execute(arguments)).as(err.toString()).isZero();
        List<String> lines = out.toString().lines().toList();
        return new ObjectMapper().readTree(lines.get(lines.size() - 1));
    }

    @Test
    void read_isTheModelOfItsTask() {
        TaskDefinition task = TaskDefinition.read(RESOURCES.resolve("tasks/open-sentiment.yaml"));
        Checkpoint model = ShippedModel.read();
        assertThat(model.manifest().task()).isEqualTo(task.task());
        assertThat(model.manifest().toDesign()).isEqualTo(task.design());
        assertThat(model.manifest().version()).isEqualTo(task.rounds().count());
    }

    @Test
    void score_withoutAModel_judgesTexts(@TempDir Path directory) throws Exception {
        Path text = Files.writeString(directory.resolve("text.txt"), "You are wonderful, thank you!\n");
        assertThat(last("score", text.toString())
                        .path("sentiment")
                        .path("label")
                        .asText())
                .isEqualTo("positive");
    }

    /** On rows it never saw it is what its README says. */
    @Test
    void evaluate_withoutAModel_findsWhatItsReportSays() throws Exception {
        JsonNode report = last(
                "evaluate",
                RESOURCES.resolve("data/goemotions/validation.jsonl").toString(),
                RESOURCES.resolve("data/sentfin/validation.jsonl").toString(),
                "--column",
                "sentiment=label");
        double f1 = report.path("sentiment").path("macroF1").asDouble();
        assertThat(Files.readString(RESOURCES.resolve("models/open-sentiment/README.md")))
                .contains("macro-F1 %.3f".formatted(f1));
    }
}
