package dev.sotto.coordination.privacy;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code privacy delta}: the failure probability of releases. */
@Command(
        name = "delta",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = PrivacyCommand.COULD_NOT_RUN,
        description = "The least delta that releases of so much noise can be shown to keep at epsilon.")
final class PrivacyDeltaCommand implements Callable<Integer> {
    @Mixin
    ReleaseOptions release = new ReleaseOptions();

    @Option(
            names = "--noise-multiplier",
            required = true,
            paramLabel = "Z",
            description = "The noise's standard deviation, or scale, over the sensitivity.")
    double noiseMultiplier;

    @Option(names = "--epsilon", required = true, paramLabel = "E", description = "The epsilon of the statement.")
    double epsilon;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        release.check();
        ReleaseOptions.requireNoise(noiseMultiplier);
        ReleaseOptions.requireEpsilon(epsilon);
        List<AccountantKind> valid = release.accountants();
        Price price = Price.of(release, valid, accountant -> accountant
                .accountant()
                .delta(release.schedule(noiseMultiplier), epsilon));
        new Answer(
                        "delta",
                        price,
                        noiseMultiplier,
                        new PrivacyStatement(release.unit, epsilon, price.value(), release.describe(noiseMultiplier)))
                .print(spec.commandLine().getOut(), release);
        return PrivacyCommand.HOLDS;
    }
}
