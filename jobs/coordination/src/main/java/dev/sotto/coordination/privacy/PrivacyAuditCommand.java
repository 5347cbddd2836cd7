package dev.sotto.coordination.privacy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.RecordNoise;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.privacy.CentralDiscreteGaussian;
import dev.sotto.privacy.NoiseSecret;
import dev.sotto.privacy.ReleaseNoise;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
            "Runs the task's encoder, noise and decoder on canaries (mode record: a site's sampling, clipping and noise on records)",
            "each in the sum or not by its own coin, guesses from what",
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
            Optional<RecordNoise> recordNoise = definition.recordNoise();
            if (recordNoise.isPresent()) {
                return auditRecords(definition, recordNoise.get(), random);
            }
            byte[] secret = new byte[NoiseSecret.MIN_LENGTH];
            random.nextBytes(secret);
            try (NoiseSecret noiseSecret = NoiseSecret.of(secret)) {
                return auditSites(definition, CentralDiscreteGaussian.create(noiseSecret, definition.sigma()), random);
            } finally {
                Arrays.fill(secret, (byte) 0);
            }
        } catch (ConfigurationException e) {
            spec.commandLine().getErr().println("sotto: " + e.getMessage());
            return PrivacyCommand.COULD_NOT_RUN;
        }
    }

    /**
     * Audits a task that protects sites under a noise of choice, which ought to be the task's own.
     *
     * @param centralNoise what is added to the sum where sites add none
     */
    int auditSites(TaskDefinition definition, ReleaseNoise centralNoise, SecureRandom random) {
        PrintWriter err = spec.commandLine().getErr();
        ShadowRun shadow = new ShadowRun(definition, count(definition), rounds, centralNoise, random, line -> {
            err.println(line);
            err.flush();
        });
        return judge(definition, shadow.run());
    }

    /**
     * Audits a task that protects records under a noise of choice, which ought to be the task's own.
     *
     * @param noise under which the shadow trains
     */
    int auditRecords(TaskDefinition definition, RecordNoise noise, SecureRandom random) {
        return judge(definition, new RecordShadowRun(definition, noise, count(definition), rounds, random).run());
    }

    private int count(TaskDefinition definition) {
        int parameters = definition.layout().size();
        int count = canaries == null ? Math.min(MOST_CANARIES, parameters) : canaries;
        ReleaseOptions.require(
                count >= LEAST_CANARIES,
                "--canaries",
                count,
                "at least " + LEAST_CANARIES + ": fewer guesses refute nothing");
        ReleaseOptions.require(
                rounds >= 1 && rounds <= MOST_ROUNDS, "--rounds", rounds, "between 1 and " + MOST_ROUNDS);
        return count;
    }

    private int judge(TaskDefinition definition, CanaryScores scores) {
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
        return new TaskPromise(task).statement(task.budget().epsilonOf(task.rho() * rounds), rounds);
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
