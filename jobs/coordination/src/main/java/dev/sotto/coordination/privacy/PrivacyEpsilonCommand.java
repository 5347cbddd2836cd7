package dev.sotto.coordination.privacy;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code privacy epsilon}: what releases cost. */
@Command(
        name = "epsilon",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = PrivacyCommand.COULD_NOT_RUN,
        description = "The least epsilon that releases of so much noise can be shown to keep at delta.")
final class PrivacyEpsilonCommand implements Callable<Integer> {
    @Mixin
    ReleaseOptions release = new ReleaseOptions();

    @Option(
            names = "--noise-multiplier",
            required = true,
            paramLabel = "Z",
            description = "The noise's standard deviation, or scale, over the sensitivity.")
    double noiseMultiplier;

    @Option(names = "--delta", required = true, paramLabel = "D", description = "The delta of the statement.")
    double delta;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        release.check();
        ReleaseOptions.requireNoise(noiseMultiplier);
        ReleaseOptions.requireDelta(delta);
        List<AccountantKind> valid = release.accountants();
        Price price = Price.of(release, valid, accountant -> accountant
                .accountant()
                .epsilon(release.schedule(noiseMultiplier), delta));
        new Answer(
                        "epsilon",
                        price,
                        noiseMultiplier,
                        new PrivacyStatement(release.unit, price.value(), delta, release.describe(noiseMultiplier)))
                .print(spec.commandLine().getOut(), release);
        return PrivacyCommand.HOLDS;
    }
}
