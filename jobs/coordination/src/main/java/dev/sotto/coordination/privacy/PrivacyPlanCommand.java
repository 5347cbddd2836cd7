package dev.sotto.coordination.privacy;

import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.TaskDefinition;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code privacy plan}: what a task's noise promises and what it leaves of the signal. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = PrivacyCommand.COULD_NOT_RUN,
        description = {
            "Says what the noise of a task promises after each round and what it leaves of the signal;",
            "with --epsilon and --delta, calibrates the noise to that promise first. Refuses a sum that leaves the ring."
        })
final class PrivacyPlanCommand implements Callable<Integer> {
    private static final int MOST_ROUNDS = 10_000;

    @Option(names = "--task", required = true, paramLabel = "FILE", description = "The task file.")
    Path task = Path.of("");

    @Option(names = "--sites", required = true, paramLabel = "N", description = "The sites in every sum.")
    int sites;

    @Option(names = "--rounds", paramLabel = "R", description = "The rounds. Default: rounds.count of the task.")
    @Nullable
    Integer rounds;

    @ArgGroup(exclusive = false)
    @Nullable
    Promise promise;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the plan and its curve as one HTML page.")
    @Nullable
    Path html;

    @Option(names = "--png", paramLabel = "FILE", description = "Write the curve as a PNG picture.")
    @Nullable
    Path png;

    @Option(names = "--json", description = "Print the plan as JSON.")
    boolean json;

    @Spec
    CommandSpec spec = CommandSpec.create();

    /** The promise that noise is to be calibrated to. */
    static final class Promise {
        @Option(
                names = "--epsilon",
                required = true,
                paramLabel = "E",
                description = "Calibrate the noise so that all rounds together keep this epsilon.")
        double epsilon;

        @Option(names = "--delta", required = true, paramLabel = "D", description = "The delta of that promise.")
        double delta;
    }

    @Override
    public Integer call() {
        NoisePlan plan = plan(TaskDefinition.read(task));
        PrintWriter out = spec.commandLine().getOut();
        PlanText text = new PlanText(plan);
        if (json) {
            out.println(text.json());
        } else {
            text.print(out);
        }
        out.flush();
        write(plan);
        return PrivacyCommand.HOLDS;
    }

    private NoisePlan plan(TaskDefinition definition) {
        int planned = rounds == null ? definition.rounds().count() : rounds;
        ReleaseOptions.require(
                planned >= 1 && planned <= MOST_ROUNDS, "--rounds", planned, "between 1 and " + MOST_ROUNDS);
        ReleaseOptions.require(sites >= 1, "--sites", sites, "at least 1");
        Promise asked = promise;
        if (asked == null) {
            return NoisePlan.of(definition, sites, planned);
        }
        ReleaseOptions.requireEpsilon(asked.epsilon);
        ReleaseOptions.requireDelta(asked.delta);
        return NoisePlan.within(definition, sites, planned, asked.epsilon, asked.delta);
    }

    private void write(NoisePlan plan) {
        Path file = html;
        try {
            if (file != null) {
                Files.writeString(file, PlanSvg.page(plan));
            }
            file = png;
            if (file != null) {
                PlanImage.write(PlanCurve.of(plan), file);
            }
        } catch (IOException e) {
            throw new ConfigurationException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
