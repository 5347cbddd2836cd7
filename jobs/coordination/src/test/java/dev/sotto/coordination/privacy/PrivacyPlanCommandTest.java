package dev.sotto.coordination.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.coordination.fixture.Play;
import dev.sotto.privacy.ZCdp;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivacyPlanCommandTest {
    private static final String PRIVACY =
            "privacy: {mode: central, noiseMultiplier: 1.0, delta: 1.0e-5, budgetEpsilon: 20}";

    @TempDir
    Path directory;

    private CommandRun plan(String text, String... more) throws Exception {
        Path task = Files.writeString(directory.resolve("task.yaml"), text);
        List<String> arguments = new ArrayList<>(List.of("plan", "--task", task.toString()));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private static JsonNode json(CommandRun run) throws Exception {
        assertThat(run.code()).as("%s", run).isZero();
        return new ObjectMapper().readTree(run.out());
    }

    private static String with(String from, String to) {
        assertThat(Play.text()).contains(from);
        return Play.text().replace(from, to);
    }

    private static String distributed() {
        return with("chunkEntries: 128, clipNorm: 4.0, scale: 65536", "chunkEntries: 132, clipNorm: 4.0, scale: 65536")
                .replace("mode: central", "mode: distributed");
    }

    @Test
    void plan_ofACentralTask_statesEverythingAndWarnsOfFewSites() throws Exception {
        CommandRun run = plan(Play.text(), "--sites", "4", "--rounds", "3");
        assertThat(run.code()).as("%s", run).isZero();
        assertThat(run.out())
                .contains("discrete Gaussian on the exact integer sum")
                .contains("neighbours: add or remove one site")
                .contains("multiplier 1 (as the task says)")
                .contains("32 bits: the sum fits")
                .contains("for the unit site")
                .contains("3 releases of")
                .contains("WARNING: site-level privacy with 4 sites, fewer than about 30, drowns the signal")
                .contains("mode 'record'");
    }

    @Test
    void plan_ofAnAdaptiveClip_saysHowExactItIsOrWhyItCannotBe() throws Exception {
        String adaptive = with("scale: 65536", "scale: 65536, adaptive: {target: 0.5, rate: 0.2, share: 0.5}");
        CommandRun refused = plan(adaptive, "--sites", "40");
        assertThat(refused.code()).isNotZero();
        assertThat(refused.err()).contains("encoding.adaptive", "in a sum of 3 survivors", "it takes 11 survivors");
        String enough = adaptive.replace("minCohort: 3, minSurvivors: 3", "minCohort: 11, minSurvivors: 11");
        CommandRun planned = plan(enough, "--sites", "40");
        assertThat(planned.code()).as("%s", planned).isZero();
        assertThat(planned.out()).contains("adaptive: begins at 4", "exact to 0.026");
        assertThat(json(plan(enough, "--sites", "40", "--json"))
                        .path("clipShareNoise")
                        .asDouble())
                .isCloseTo(Math.hypot(1, 0.25) / 40, within(1e-3));
        assertThat(plan(Play.text(), "--sites", "40").out()).doesNotContain("adaptive");
    }

    @Test
    void plan_asJson_hasTheLedgersEpsilonAfterEachRound() throws Exception {
        JsonNode plan = json(plan(Play.text(), "--sites", "100", "--rounds", "7", "--json"));
        assertThat(plan.path("epsilonAfterRound")).hasSize(7);
        double rho = plan.path("rho").asDouble();
        assertThat(rho).isCloseTo(0.5, within(1e-4));
        for (int round = 1; round <= 7; round++) {
            assertThat(plan.path("epsilonAfterRound").get(round - 1).asDouble())
                    .isEqualTo(ZCdp.epsilon(round * rho, 1e-5));
        }
        assertThat(plan.path("samplerDelta").asDouble()).isPositive().isLessThan(1e-9);
        assertThat(plan.path("noisePerEntry").asDouble())
                .isCloseTo(plan.path("sigma").asDouble() / 65536 / 100, within(1e-12));
        assertThat(plan.path("noiseToSignal").asDouble())
                .isCloseTo(
                        plan.path("noisePerEntry").asDouble()
                                / plan.path("signalPerEntry").asDouble(),
                        within(1e-12));
    }

    @Test
    void plan_withAPromise_calibratesTheLeastNoiseThatKeepsIt() throws Exception {
        JsonNode plan = json(
                plan(Play.text(), "--sites", "40", "--rounds", "10", "--epsilon", "8", "--delta", "1e-6", "--json"));
        assertThat(plan.path("calibrated").asBoolean()).isTrue();
        assertThat(plan.path("epsilon").asDouble()).isBetween(7.999, 8.0);
        assertThat(plan.path("delta").asDouble()).isEqualTo(1e-6);
        assertThat(plan.path("roundsWithinBudget").asInt()).isEqualTo(10);
    }

    @Test
    void plan_ofADistributedTask_countsTheNoiseOfAllSites() throws Exception {
        JsonNode plan = json(plan(distributed(), "--sites", "100", "--rounds", "2", "--json"));
        assertThat(plan.path("mechanism").asText())
                .contains("distributed discrete Gaussian")
                .contains("60 sites carry");
        assertThat(plan.path("noisePerEntry").asDouble())
                .isCloseTo(plan.path("sigma").asDouble() * Math.sqrt(100 / 60.0) / 65536 / 100, within(1e-9));
        JsonNode calibrated = json(
                plan(distributed(), "--sites", "100", "--rounds", "2", "--epsilon", "2", "--delta", "1e-5", "--json"));
        assertThat(calibrated.path("epsilon").asDouble()).isBetween(1.99, 2.0);
    }

    /** A budget of 20 rests on orders from 2.40 up: 7.4 % more are charged for the orders between the integers. */
    @Test
    void plan_ofATaskWhoseNoiseComesOff_countsWhatStaysWithoutDropouts() throws Exception {
        String removal = distributed()
                .replace("scale: 65536", "scale: 4096")
                .replace("distributed", "distributed, removal: true");
        JsonNode plan = json(plan(removal, "--sites", "100", "--rounds", "2", "--json"));
        assertThat(plan.path("mechanism").asText()).contains("Skellam noise in parts");
        assertThat(plan.path("noisePerEntry").asDouble())
                .isCloseTo(plan.path("sigma").asDouble() * Math.sqrt(70 / 60.0) / 4096 / 100, within(1e-9));
        assertThat(plan.path("rho").asDouble()).isBetween(0.5 * 1.073, 0.5 * 1.075);
        assertThat(plan.path("samplerDelta").asDouble()).isPositive().isLessThan(1e-9);
    }

    @Test
    void plan_ofASumThatLeavesTheRing_isRefusedWithTheNumbers() throws Exception {
        String narrow = with("ringBits: 32", "ringBits: 20");
        CommandRun run = plan(narrow, "--sites", "4");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("a ring of 20 bits holds 524288").contains("widen encoding.ringBits");
        assertThat(plan(narrow, "--sites", "1").err())
                .contains("--sites is 1 but must be at least rounds.minSurvivors");
    }

    @Test
    void plan_withTooLittleNoise_saysThatItPromisesNothingAndWhenTheTaskStops() throws Exception {
        String loud =
                with(PRIVACY, "privacy: {mode: central, noiseMultiplier: 0.1, delta: 1.0e-5, budgetEpsilon: 200}");
        CommandRun run = plan(loud, "--sites", "50", "--rounds", "9");
        assertThat(run.out())
                .contains("promises a site hardly anything")
                .contains("the budget of epsilon 200 admits 2 of 9 rounds")
                .doesNotContain("drowns the signal");
    }

    @Test
    void plan_withFiles_writesAPageThatNeedsNothingElseAndAPicture() throws Exception {
        Path html = directory.resolve("plan.html");
        Path png = directory.resolve("plan.png");
        CommandRun run =
                plan(Play.text(), "--sites", "40", "--rounds", "5", "--html", html.toString(), "--png", png.toString());
        assertThat(run.code()).as("%s", run).isZero();
        assertThat(html)
                .content()
                .contains("<svg")
                .contains("<polyline")
                .contains("add or remove one site")
                .doesNotContain("src=")
                .doesNotContain("href=");
        BufferedImage image = ImageIO.read(png.toFile());
        assertThat(image.getWidth()).isEqualTo(PlanCurve.WIDTH);
        PlanCurve curve = new PlanCurve(new double[] {1, 2, 3}, 100, 1e-5);
        int at = PlanImage.draw(curve).getRGB((int) curve.x(1.5), (int) curve.y(1.5));
        assertThat(at & 0xff).isGreaterThan((at >> 16 & 0xff) + 40);
    }

    @Test
    void plan_withAnEpsilonAlone_isRefused() throws Exception {
        assertThat(plan(Play.text(), "--sites", "4", "--epsilon", "3").code()).isEqualTo(PrivacyCommand.COULD_NOT_RUN);
        assertThat(plan(Play.text(), "--sites", "4", "--rounds", "0").err()).contains("--rounds is 0 but must be");
    }
}
