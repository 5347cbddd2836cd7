package dev.sotto.coordination.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Known answers are those of dp_accounting, opacus and tensorflow-privacy. */
class PrivacyAnswersTest {
    private static JsonNode json(String line) throws Exception {
        CommandRun run = CommandRun.ofLine(line + " --json");
        assertThat(run.code()).as("%s", run).isZero();
        return new ObjectMapper().readTree(run.out());
    }

    @ParameterizedTest
    @CsvSource({
        "--accountant rdp --noise-multiplier 4.530877117 --steps 1 --delta 1e-6, 1.0, 1e-3",
        "--accountant rdp --sampling-rate 0.04 --noise-multiplier 1.5 --steps 2250 --delta 1e-5, 7.32911117143, 1e-8",
        "--accountant rdp --noise-multiplier 0.7 --steps 2 --delta 1e-5, 10.8602036, 1e-6",
        "--accountant zcdp --noise-multiplier 1 --steps 1 --delta 1e-5, 4.72838699, 1e-6",
        "--accountant analytic --noise-multiplier 3.7306316348 --steps 1 --delta 1e-5, 1.0, 1e-6",
        "--accountant pld --noise-multiplier 0.7 --steps 2 --delta 1e-5, 10.1224946, 1e-3",
        "--sampling-rate 0.04 --noise-multiplier 1.5 --steps 2249 --delta 1e-5, 6.7670511, 2e-3",
    })
    void epsilon_ofGaussians_isAsKnown(String options, double epsilon, double relative) throws Exception {
        JsonNode answer = json("epsilon --mechanism gaussian " + options);
        assertThat(answer.path("answer").asDouble()).isCloseTo(epsilon, within(relative * epsilon));
    }

    @Test
    void epsilon_ofOneHundredLaplaceReleases_isAsKnown() throws Exception {
        JsonNode answer =
                json("epsilon --mechanism laplace --noise-multiplier 10 --steps 100 --delta 1e-6 --unit record");
        assertThat(answer.path("answer").asDouble()).isCloseTo(4.692667, within(5e-3));
        assertThat(answer.path("accountant").asText()).isEqualTo("pld");
        assertThat(answer.path("unit").asText()).isEqualTo("record");
        assertThat(answer.path("neighbours").asText()).isEqualTo("add or remove one record");
    }

    @Test
    void delta_ofTheDiscreteGaussian_isAsKnown() throws Exception {
        JsonNode answer =
                json("delta --mechanism discrete-gaussian --noise-multiplier 1 --steps 1 --epsilon 1 --unit site");
        assertThat(answer.path("answer").asDouble()).isCloseTo(0.14135133941, within(2e-3));
        assertThat(answer.path("answer").asDouble()).isGreaterThanOrEqualTo(0.14135133);
    }

    @Test
    void delta_ofThreeGaussians_isAsKnown() throws Exception {
        JsonNode answer =
                json("delta --mechanism gaussian --noise-multiplier 1.7320508075688772 --steps 3 --epsilon 1");
        assertThat(answer.path("answer").asDouble()).isCloseTo(0.126936, within(1e-5));
    }

    @Test
    void noise_forEpsilonOne_isTheAnalyticOne() throws Exception {
        JsonNode answer = json("noise --mechanism gaussian --steps 1 --epsilon 1 --delta 1e-5");
        assertThat(answer.path("answer").asDouble()).isCloseTo(3.7306316348, within(1e-5));
        assertThat(answer.path("epsilon").asDouble()).isLessThanOrEqualTo(1);
    }

    @Test
    void noise_ofDpSgd_isWhatOpacusFinds() throws Exception {
        JsonNode answer = json(
                "noise --mechanism gaussian --sampling-rate 0.04 --steps 2250 --epsilon 8 --delta 1e-5 --accountant rdp");
        assertThat(answer.path("answer").asDouble()).isCloseTo(1.416, within(5e-3));
    }

    @Test
    void noise_ofTheDistributedDiscreteGaussian_keepsItsPromise() throws Exception {
        JsonNode answer = json(
                "noise --mechanism ddgauss --sites 100 --sensitivity 1000 --dimension 4096 --steps 10 --epsilon 4 --delta 1e-5 --unit site");
        JsonNode back = json("epsilon --mechanism ddgauss --sites 100 --sensitivity 1000 --dimension 4096 --steps 10"
                + " --delta 1e-5 --noise-multiplier " + answer.path("answer").asText());
        assertThat(back.path("answer").asDouble()).isBetween(3.99, 4.0);
    }

    @Test
    void epsilon_inWords_hasEveryPartOfTheStatement() {
        CommandRun run = CommandRun.ofLine(
                "epsilon --mechanism skellam --noise-multiplier 2 --steps 3 --sensitivity 100 --dimension 64 --delta 1e-5 --unit site");
        assertThat(run.code()).as("%s", run).isZero();
        assertThat(run.out())
                .startsWith("epsilon ")
                .contains("accountant rdp (the tightest valid)")
                .contains("-DP for the unit site (neighbours: add or remove one site)")
                .contains("delta 1e-5")
                .contains("3 releases of skellam on a vector, noise multiplier 2");
    }

    @Test
    void epsilon_belowTheDeltaThatPldResolves_fallsBackToRdpAndSaysSo() throws Exception {
        JsonNode answer = json(
                "epsilon --mechanism gaussian --sampling-rate 0.01 --noise-multiplier 1.1 --steps 100 --delta 1e-12");
        assertThat(answer.path("accountant").asText()).isEqualTo("rdp");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--mechanism laplace --sampling-rate 0.1 --noise-multiplier 1 --steps 1 --delta 1e-5|--sampling-rate is 0.1 but must be 1 with --mechanism laplace",
                "--mechanism skellam --accountant pld --noise-multiplier 1 --steps 1 --delta 1e-5|--accountant is pld but must be one of [rdp]",
                "--mechanism gaussian --accountant analytic --sampling-rate 0.5 --noise-multiplier 1 --steps 1 --delta 1e-5|must be one of [pld, rdp]",
                "--mechanism gaussian --accountant pld --noise-multiplier 1 --steps 1 --delta 1e-12|delta must be at least 1.0E-10",
                "--mechanism ddgauss --noise-multiplier 1 --steps 1 --delta 1e-5|--sites is missing but must be at least 1",
                "--mechanism ddgauss --sites 100 --noise-multiplier 1 --steps 1 --delta 1e-5|local sigma must be finite and at least 0.5",
                "--mechanism gaussian --sites 3 --noise-multiplier 1 --steps 1 --delta 1e-5|only ddgauss depends on it",
                "--mechanism gaussian --noise-multiplier 0 --steps 1 --delta 1e-5|--noise-multiplier is 0.0 but must be above 0",
                "--mechanism gaussian --noise-multiplier 1 --steps 0 --delta 1e-5|--steps is 0 but must be at least 1",
                "--mechanism gaussian --noise-multiplier 1 --steps 1 --delta 1|--delta is 1.0 but must be above 0 and below 1",
                "--mechanism gaussian --sensitivity 2 --noise-multiplier 1 --steps 1 --delta 1e-5|leave it out",
                "--mechanism discrete-gaussian --sensitivity 2.5 --noise-multiplier 1 --steps 1 --delta 1e-5|a whole number",
                "--mechanism discrete-laplace --dimension 3 --noise-multiplier 1 --steps 1 --delta 1e-5|priced for one integer"
            })
    void epsilon_ofABadCombination_isRefusedWithValueBoundAndRemedy(String lineAndReason) {
        String[] parts = lineAndReason.split("\\|");
        CommandRun run = CommandRun.ofLine("epsilon " + parts[0]);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("ConfigurationException").contains(parts[1]);
    }

    @ParameterizedTest
    @CsvSource({
        "plan,--png,what it leaves of the signal",
        "epsilon,--sampling-rate,can be shown to keep at delta",
        "noise,--accountant,least noise multiplier",
        "delta,--epsilon,least delta",
        "ledger,--trust,the hash chain of",
        "audit,--canaries,never right"
    })
    void help_ofEveryCommand_namesItsOptionsAndWhatItDoes(String command, String option, String sentence) {
        CommandRun run = CommandRun.of(command, "--help");
        assertThat(run.code()).isZero();
        assertThat(run.out().replaceAll("\\s+", " ")).contains(option).contains(sentence);
    }
}
