package dev.sotto.coordination.privacy;

import dev.sotto.privacy.accounting.Calibration;
import dev.sotto.privacy.accounting.PrivacyTarget;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code privacy noise}: the noise that a promise takes. */
@Command(
        name = "noise",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = PrivacyCommand.COULD_NOT_RUN,
        description = "The least noise multiplier under which releases can be shown to keep epsilon at delta.")
final class PrivacyNoiseCommand implements Callable<Integer> {
    @Mixin
    ReleaseOptions release = new ReleaseOptions();

    @Option(names = "--epsilon", required = true, paramLabel = "E", description = "The epsilon to keep.")
    double epsilon;

    @Option(names = "--delta", required = true, paramLabel = "D", description = "The delta of the statement.")
    double delta;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        release.check();
        ReleaseOptions.requireEpsilon(epsilon);
        ReleaseOptions.requireDelta(delta);
        List<AccountantKind> valid = release.accountants();
        Price price = Price.of(release, valid, accountant -> new Calibration(
                        accountant.accountant(), new PrivacyTarget(epsilon, delta))
                .leastNoise(release::scheduleInSearch));
        double shown = price.accountant().accountant().epsilon(release.schedule(price.value()), delta);
        new Answer(
                        "noise multiplier",
                        price,
                        price.value(),
                        new PrivacyStatement(release.unit, shown, delta, release.describe(price.value())))
                .print(spec.commandLine().getOut(), release);
        return PrivacyCommand.HOLDS;
    }
}
