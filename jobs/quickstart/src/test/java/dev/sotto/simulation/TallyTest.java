package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.contracts.avro.RoundResult;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.quickstart.Sotto;
import dev.sotto.secagg.SiteId;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What sites judged, class by class, comes out of both jobs as the survivors' sum, in the round's result and in no other record. */
class TallyTest {
    private static final int SITES = 8;
    private static final int ROUNDS = 2;

    @BeforeAll
    static void rememberSignatures() {
        RememberedSignatures.install();
    }

    @ParameterizedTest
    @ValueSource(strings = {"central", "distributed"})
    void result_ofARound_tellsTheSurvivorsJudgementsByClass(String mode, @TempDir Path directory) throws Exception {
        Settings.Draft draft = new Settings.Draft();
        draft.sites = SITES;
        draft.count = ROUNDS;
        draft.perBlock = ROUNDS;
        draft.minCohort = SITES;
        draft.mode = mode;
        draft.chunkEntries = 20;
        draft.noiseMultiplier = 0.1;
        draft.tally = "{share: 0.5, judged: 32}";
        Settings settings = draft.settings(Settings.Profile.FAULTS);
        TaskDefinition task = settings.task();
        try (ManySites federation = new ManySites(settings, 0, 2)) {
            federation.run(3_600_000);
            List<RoundResult> results = federation.results();
            assertThat(results).as("%s", federation.history()).hasSize(ROUNDS);
            double noise = task.tally().noise(task.sumSigma(SITES, SITES));
            for (RoundResult result : results) {
                double[] exact = new double[task.tally().size()];
                for (String survivor : result.getSurvivors()) {
                    List<Double> tally = federation.tally(new SiteId(survivor), result.getRound());
                    for (int i = 0; i < exact.length; i++) {
                        exact[i] += tally.get(i);
                    }
                }
                assertThat(result.getTally()).hasSize(4);
                for (int i = 0; i < exact.length; i++) {
                    // A lattice this coarse rounds a count by up to a quarter of an example at each site.
                    assertThat(result.getTally().get(i)).isEqualTo(exact[i], within(6 * noise + SITES / 4.0));
                }
                assertThat(exact[0] + exact[3]).isGreaterThan(6 * noise);
            }
            federation.export(directory);
            reported(directory, results);
        }
    }

    /** The same figures, as an operator reads them out of the transcript. */
    private static void reported(Path directory, List<RoundResult> results) throws Exception {
        StringWriter printed = new StringWriter();
        int exit = Sotto.commandLine()
                .setOut(new PrintWriter(printed))
                .execute(
                        "report",
                        "--task=" + directory.resolve("task.yaml"),
                        "--trust=" + directory.resolve("trust.yaml"),
                        "--file=" + directory.resolve("transcript.jsonl"),
                        "--report=" + directory.resolve("report"));
        assertThat(exit).as("%s", printed).isZero();
        List<String> lines = printed.toString().lines().toList();
        JsonNode tree = new ObjectMapper().readTree(lines.get(lines.size() - 1));
        assertThat(tree.path("rounds")).hasSize(ROUNDS);
        for (int i = 0; i < ROUNDS; i++) {
            JsonNode round = tree.path("rounds").path(i);
            List<Double> tally = results.get(i).getTally();
            assertThat(round.path("modelJudged").asInt())
                    .isEqualTo(results.get(i).getModelVersion() - 1);
            assertThat(round.path("survivors"))
                    .hasSize(results.get(i).getSurvivors().size());
            assertThat(round.path("accuracy").asDouble())
                    .isEqualTo(results.get(i).getMetrics().getAccuracy());
            JsonNode confusion = round.path("judged").path("sentiment").path("confusion");
            for (int cell = 0; cell < 4; cell++) {
                assertThat(confusion.path(cell / 2).path(cell % 2).asLong())
                        .isEqualTo(Math.max(0, Math.round(tally.get(cell))));
            }
        }
        String markdown = Files.readString(directory.resolve("report/report.md"));
        assertThat(printed.toString()).startsWith(markdown);
        assertThat(markdown).contains("| class | precision | recall | F1 | rows |", "noise of standard deviation");
        assertThat(directory.resolve("report/report.json")).isNotEmptyFile();
        assertThat(ImageIO.read(directory.resolve("report/report.png").toFile()))
                .isNotNull();
    }
}
