package dev.sotto.coordination.privacy;

import dev.sotto.federation.ConfigurationException;
import dev.sotto.privacy.Sensitivity;
import dev.sotto.privacy.accounting.ConcentratedMechanism;
import dev.sotto.privacy.accounting.DiscreteGaussianMechanism;
import dev.sotto.privacy.accounting.DiscreteLaplaceMechanism;
import dev.sotto.privacy.accounting.DistributedDiscreteGaussianMechanism;
import dev.sotto.privacy.accounting.GaussianMechanism;
import dev.sotto.privacy.accounting.LaplaceMechanism;
import dev.sotto.privacy.accounting.Mechanism;
import dev.sotto.privacy.accounting.Schedule;
import dev.sotto.privacy.accounting.SkellamMechanism;
import dev.sotto.privacy.accounting.SubsampledGaussianMechanism;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is released, and how often: everything that a price depends on but the noise. */
final class ReleaseOptions {
    private static final double LEAST_PRICED_LOCAL_SIGMA = 0.5;
    private static final double MORE_THAN_ANY_BUDGET = 1e12;

    @Option(
            names = "--mechanism",
            required = true,
            paramLabel = "NAME",
            description = "The noise: ${COMPLETION-CANDIDATES}.")
    MechanismKind mechanism = MechanismKind.GAUSSIAN;

    @Option(names = "--steps", required = true, paramLabel = "T", description = "How many releases there are.")
    int steps;

    @Option(
            names = "--sampling-rate",
            defaultValue = "1",
            paramLabel = "Q",
            description =
                    "The probability with which each unit takes part in a release, by its own coin (gaussian alone). "
                            + "Default: ${DEFAULT-VALUE}.")
    double samplingRate;

    @Option(
            names = "--sensitivity",
            defaultValue = "1",
            paramLabel = "D",
            description =
                    "What one unit changes, in the integers noised: of one integer the most, of a vector the L2 norm "
                            + "(integer mechanisms alone). Default: ${DEFAULT-VALUE}.")
    double sensitivity;

    @Option(
            names = "--dimension",
            defaultValue = "1",
            paramLabel = "N",
            description =
                    "The entries of the vector noised (discrete-gaussian, ddgauss, skellam). Default: ${DEFAULT-VALUE}.")
    int dimension;

    @Option(
            names = "--sites",
            paramLabel = "N",
            description = "How many sites' noise is in a sum (ddgauss alone, which needs it).")
    @Nullable
    Integer sites;

    @Option(
            names = "--accountant",
            paramLabel = "NAME",
            description = "Who prices: ${COMPLETION-CANDIDATES}. Default: the tightest that is valid.")
    @Nullable
    AccountantKind accountant;

    @Option(
            names = "--unit",
            defaultValue = "record",
            paramLabel = "UNIT",
            description =
                    "Whose participation the sensitivity is of: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    PrivacyUnit unit = PrivacyUnit.RECORD;

    @Option(names = "--json", description = "Print one JSON object.")
    boolean json;

    /**
     * Refuses options that do not go together, or under which no price is known.
     *
     * @throws ConfigurationException naming value, bound and remedy
     */
    void check() {
        require(steps >= 1, "--steps", steps, "at least 1");
        require(samplingRate > 0 && samplingRate <= 1, "--sampling-rate", samplingRate, "above 0 and at most 1");
        require(
                samplingRate == 1 || mechanism == MechanismKind.GAUSSIAN,
                "--sampling-rate",
                samplingRate,
                "1 with --mechanism " + mechanism
                        + ", of which no amplification by sampling is known here: leave it out, or use gaussian");
        boolean integers = mechanism != MechanismKind.GAUSSIAN && mechanism != MechanismKind.LAPLACE;
        require(
                sensitivity == 1 || integers,
                "--sensitivity",
                sensitivity,
                "1 with --mechanism " + mechanism + ", whose noise multiplier is relative to it: leave it out");
        require(sensitivity >= 1 && sensitivity < 1e15, "--sensitivity", sensitivity, "at least 1 and below 1e15");
        boolean vectors = mechanism == MechanismKind.DISCRETE_GAUSSIAN
                || mechanism == MechanismKind.DDGAUSS
                || mechanism == MechanismKind.SKELLAM;
        require(dimension >= 1, "--dimension", dimension, "at least 1");
        require(
                dimension == 1 || vectors || !integers,
                "--dimension",
                dimension,
                "1 with --mechanism " + mechanism
                        + ", which is priced for one integer: use discrete-gaussian, or price each entry as a step");
        boolean whole = sensitivity == Math.rint(sensitivity) && sensitivity <= Integer.MAX_VALUE;
        require(
                whole || vector() || !integers,
                "--sensitivity",
                sensitivity,
                "a whole number below 2^31 for one integer: round it up, or give --dimension");
        if (mechanism == MechanismKind.DDGAUSS) {
            require(
                    sites != null && sites >= 1,
                    "--sites",
                    sites == null ? "missing" : sites,
                    "at least 1 with --mechanism ddgauss: give the survivors less the colluders");
        } else {
            require(
                    sites == null,
                    "--sites",
                    String.valueOf(sites),
                    "left out with --mechanism " + mechanism + ": only ddgauss depends on it");
        }
        AccountantKind asked = accountant;
        if (asked != null) {
            List<AccountantKind> valid = accountants();
            require(
                    valid.contains(asked),
                    "--accountant",
                    asked,
                    "one of " + valid + " for " + name() + ", or left out: no other one covers it");
        }
    }

    private boolean sampled() {
        return samplingRate < 1;
    }

    private boolean vector() {
        return dimension > 1 || mechanism == MechanismKind.DDGAUSS || mechanism == MechanismKind.SKELLAM;
    }

    /** The accountants to ask: the one wanted, or all that are valid, the tightest first. */
    List<AccountantKind> accountants() {
        return mechanism.accountants(sampled(), vector());
    }

    private String name() {
        if (sampled()) {
            return "the Poisson-subsampled gaussian";
        }
        return vector() ? mechanism + " on a vector" : mechanism.toString();
    }

    /** The releases at a noise multiplier: the noise's standard deviation, or scale, over the sensitivity. */
    Schedule schedule(double noiseMultiplier) {
        return Schedule.of(release(noiseMultiplier), steps);
    }

    /** The same for a search over noise levels, of which those too small to be priced cost more than any budget. */
    Schedule scheduleInSearch(double noiseMultiplier) {
        boolean unpriced = mechanism == MechanismKind.DDGAUSS
                && localSigma(noiseMultiplier * sensitivity) < LEAST_PRICED_LOCAL_SIGMA;
        return unpriced
                ? Schedule.of(new ConcentratedMechanism(MORE_THAN_ANY_BUDGET), steps)
                : schedule(noiseMultiplier);
    }

    private Mechanism release(double z) {
        double noise = z * sensitivity;
        return switch (mechanism) {
            case GAUSSIAN -> sampled() ? new SubsampledGaussianMechanism(samplingRate, z) : new GaussianMechanism(z);
            case LAPLACE -> new LaplaceMechanism(z);
            case DISCRETE_GAUSSIAN ->
                vector()
                        ? ConcentratedMechanism.ofDiscreteGaussian(sensitivity, noise)
                        : new DiscreteGaussianMechanism(noise, (int) sensitivity);
            case DISCRETE_LAPLACE -> new DiscreteLaplaceMechanism(noise, (int) sensitivity);
            case DDGAUSS ->
                DistributedDiscreteGaussianMechanism.of(
                        sites == null ? 1 : sites, localSigma(noise), sensitivity, dimension);
            case SKELLAM ->
                new SkellamMechanism(noise * noise, sensitivity, Sensitivity.delta1(sensitivity, dimension));
        };
    }

    private double localSigma(double noise) {
        return noise / Math.sqrt(sites == null ? 1 : sites);
    }

    /** The releases in words. */
    String describe(double z) {
        StringBuilder words = new StringBuilder("%d %s of %s, noise multiplier %s"
                .formatted(steps, steps == 1 ? "release" : "releases", name(), Figures.near(z, 10)));
        if (sampled()) {
            words.append(", sampling rate ").append(Figures.near(samplingRate));
        }
        if (mechanism != MechanismKind.GAUSSIAN && mechanism != MechanismKind.LAPLACE) {
            words.append(", sensitivity ").append(Figures.near(sensitivity));
        }
        if (vector()) {
            words.append(", dimension ").append(dimension);
        }
        if (sites != null) {
            words.append(", ").append(sites).append(" sites");
        }
        return words.toString();
    }

    static void require(boolean holds, String name, Object value, String bound) {
        if (!holds) {
            throw new ConfigurationException("%s is %s but must be %s".formatted(name, value, bound));
        }
    }

    /** Refuses a delta that is none. */
    static void requireDelta(double delta) {
        require(
                delta > 0 && delta < 1,
                "--delta",
                delta,
                "above 0 and below 1: choose it well below one over the number of units, such as 1e-6");
    }

    /** Refuses a noise multiplier that is none. */
    static void requireNoise(double z) {
        require(
                z > 0 && z < 1e9,
                "--noise-multiplier",
                z,
                "above 0 and below 1e9: give the noise's standard deviation, or scale, over the sensitivity");
    }

    /** Refuses an epsilon that is none. */
    static void requireEpsilon(double epsilon) {
        require(epsilon > 0 && epsilon < 1e6, "--epsilon", epsilon, "above 0 and below 1e6");
    }
}
