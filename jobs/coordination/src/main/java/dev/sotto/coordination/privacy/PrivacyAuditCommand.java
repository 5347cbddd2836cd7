package dev.sotto.coordination.privacy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.privacy.CentralDiscreteGaussian;
import dev.sotto.privacy.NoiseSecret;
import dev.sotto.privacy.ReleaseNoise;
import dev.sotto.privacy.ZCdp;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code privacy audit}: attacks a shadow of the task and says what the attack proves. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = PrivacyCommand.COULD_NOT_RUN,
        description = {
            "Runs the task's encoder, noise and decoder on canaries, each in the sum or not by its own coin, guesses from what",
            "is released which were in, and reports the epsilon that these guesses refute (Steinke, Nasr, Jagielski 2023).",
            "An audit can prove a promise wrong, never right. Needs no broker and no data."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the promise is not refuted", "1:could not run", "2:the promise is refuted"})
final class PrivacyAuditCommand implements Callable<Integer> {
    private static final double SIGNIFICANCE = 0.05;
    private static final int MOST_CANARIES = 1000;
    private static final int LEAST_CANARIES = 20;
    private static final int MOST_ROUNDS = 1000;

    @Option(names = "--task", required = true, paramLabel = "FILE", description = "The task file.")
    Path task = Path.of("");

    @Option(
            names = "--canaries",
            paramLabel = "M",
            description = "How many canaries. Default: 1000, or as many as the model has parameters.")
    @Nullable
    Integer canaries;

    @Option(
            names = "--rounds",
            defaultValue = "1",
            paramLabel = "R",
            description = "How many rounds are released of the same canaries. Default: ${DEFAULT-VALUE}.")
    int rounds = 1;

    @Option(names = "--json", description = "Print one JSON object.")
    boolean json;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        try {
            TaskDefinition definition = TaskDefinition.read(task);
            SecureRandom random = new SecureRandom();
            byte[] secret = new byte[NoiseSecret.MIN_LENGTH];
            random.nextBytes(secret);
            try (NoiseSecret noiseSecret = NoiseSecret.of(secret)) {
                return audit(definition, CentralDiscreteGaussian.create(noiseSecret, definition.sigma()), random);
            } finally {
                Arrays.fill(secret, (byte) 0);
            }
        } catch (ConfigurationException e) {
            spec.commandLine().getErr().println("sotto: " + e.getMessage());
            return PrivacyCommand.COULD_NOT_RUN;
        }
    }

    /**
     * Audits the task under a noise of choice, which ought to be the task's own.
     *
     * @param centralNoise what is added to the sum where sites add none
     */
    int audit(TaskDefinition definition, ReleaseNoise centralNoise, SecureRandom random) {
        int parameters = definition.layout().size();
        int count = canaries == null ? Math.min(MOST_CANARIES, parameters) : canaries;
        ReleaseOptions.require(
                count >= LEAST_CANARIES,
                "--canaries",
                count,
                "at least " + LEAST_CANARIES + ": fewer guesses refute nothing");
        ReleaseOptions.require(
                rounds >= 1 && rounds <= MOST_ROUNDS, "--rounds", rounds, "between 1 and " + MOST_ROUNDS);
        PrintWriter err = spec.commandLine().getErr();
        CanaryScores scores = new ShadowRun(definition, count, rounds, centralNoise, random, line -> {
                    err.println(line);
                    err.flush();
                })
                .run();
        double delta = definition.privacy().delta();
        List<CanaryScores.Attack> attacks = scores.attacks(delta, SIGNIFICANCE);
        double bound =
                attacks.stream().mapToDouble(CanaryScores.Attack::epsilon).max().orElse(0);
        PrivacyStatement claim = claim(definition);
        boolean refuted = bound > claim.epsilon();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(definition, claim, bound, attacks, refuted));
        } else {
            print(claim, bound, attacks, refuted, out);
        }
        out.flush();
        return refuted ? PrivacyCommand.BROKEN : PrivacyCommand.HOLDS;
    }

    private PrivacyStatement claim(TaskDefinition task) {
        double delta = task.privacy().delta();
        String mechanism = "%d %s of the %s discrete Gaussian (sigma %d), accountant zcdp"
                .formatted(
                        rounds,
                        rounds == 1 ? "release" : "releases",
                        task.privacy().mode(),
                        task.sigma());
        return new PrivacyStatement(
                PrivacyUnit.SITE, new ZCdp(task.rho()).times(rounds).epsilon(delta), delta, mechanism);
    }

    private static void print(
            PrivacyStatement claim, double bound, List<CanaryScores.Attack> attacks, boolean refuted, PrintWriter out) {
        for (CanaryScores.Attack attack : attacks) {
            out.println("  %d canaries, %d guesses, %d right: epsilon at least %s"
                    .formatted(
                            attack.bound().canaries(),
                            attack.bound().guesses(),
                            attack.bound().correct(),
                            Figures.atLeast(attack.epsilon())));
        }
        out.println("claimed: " + claim.sentence());
        out.println("shown:   epsilon at least %s at delta %s for the unit %s (neighbours: %s), p <= %s"
                .formatted(
                        Figures.atLeast(bound),
                        Figures.near(claim.delta()),
                        claim.unit(),
                        claim.neighbours(),
                        Figures.near(SIGNIFICANCE)));
        out.println(
                refuted
                        ? "REFUTED: the guesses are too good for what is claimed; noise is missing or too small"
                        : "NOT REFUTED: the guesses are no better than what is claimed allows");
    }

    private static String json(
            TaskDefinition task,
            PrivacyStatement claim,
            double bound,
            List<CanaryScores.Attack> attacks,
            boolean refuted) {
        ObjectNode root = Json.object()
                .put("task", task.task())
                .put("mode", task.privacy().mode())
                .put("verdict", refuted ? "refuted" : "not refuted")
                .put("epsilonLowerBound", bound)
                .put("significance", SIGNIFICANCE);
        claim.into(root.putObject("claim"));
        ArrayNode all = root.putArray("attacks");
        attacks.forEach(attack -> all.addObject()
                .put("canaries", attack.bound().canaries())
                .put("guesses", attack.bound().guesses())
                .put("correct", attack.bound().correct())
                .put("epsilonLowerBound", attack.epsilon()));
        return Json.text(root);
    }
}
