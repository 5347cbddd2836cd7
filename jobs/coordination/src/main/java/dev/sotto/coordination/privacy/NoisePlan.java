package dev.sotto.coordination.privacy;

import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.NoiseComponents;
import dev.sotto.federation.RecordNoise;
import dev.sotto.federation.RoundMetrics;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.privacy.Admission;
import dev.sotto.privacy.DiscreteGaussian;
import dev.sotto.privacy.DiscreteGaussianTable;
import dev.sotto.privacy.PrivacyBudget;
import dev.sotto.privacy.accounting.Calibration;
import dev.sotto.privacy.accounting.ConcentratedMechanism;
import dev.sotto.privacy.accounting.PrivacyTarget;
import dev.sotto.privacy.accounting.RdpAccountant;
import dev.sotto.privacy.accounting.Schedule;
import dev.sotto.privacy.accounting.SubsampledDiscreteGaussianMechanism;
import dev.sotto.privacy.accounting.ZcdpAccountant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a task's noise promises to a site or a record, and what it leaves of the signal.
 *
 * @param task the task, with the noise multiplier that was calibrated if a promise was asked for
 * @param sites the sites in every sum
 * @param rounds the rounds planned
 * @param calibrated whether the noise multiplier was calibrated rather than given
 * @param rho the cost of one round
 * @param budget what all rounds may cost
 */
record NoisePlan(TaskDefinition task, int sites, int rounds, boolean calibrated, double rho, PrivacyBudget budget) {
    /** With fewer sites than about so many, noise that hides a site is as loud as all of them. */
    static final int FEW_SITES = 30;

    /** An epsilon above it lets an observer be all but certain. */
    static final double HARDLY_A_PROMISE = 10;

    private static final List<Integer> WIDTHS = List.of(16, 20, 24, 32);
    private static final double MORE_THAN_ANY_BUDGET = 1e12;
    private static final double ROUNDING = 1e5;
    private static final double[] ORDERS =
            IntStream.rangeClosed(2, 256).asDoubleStream().toArray();

    /**
     * The plan for the task as it is.
     *
     * @throws ConfigurationException if a sum of so many sites and its noise do not fit the ring, or there are too few sites
     */
    static NoisePlan of(TaskDefinition task, int sites, int rounds) {
        return checked(task, sites, rounds, false);
    }

    /**
     * The plan for the task with the least noise that keeps all its rounds within epsilon at delta; the multiplier is rounded up to a
     * hundred-thousandth of its leading power of ten.
     *
     * @throws ConfigurationException as {@link #of}, or if no noise is enough
     */
    static NoisePlan within(TaskDefinition task, int sites, int rounds, double epsilon, double delta) {
        PrivacyTarget target = new PrivacyTarget(epsilon, delta);
        double least = task.privacy().record() == null
                ? new Calibration(ZcdpAccountant.create(), target)
                        .leastNoise(z -> Schedule.of(new ConcentratedMechanism(rho(task, z, epsilon, delta)), rounds))
                : new Calibration(RdpAccountant.ofOrders(ORDERS), target).leastNoise(z -> steps(task, z, rounds));
        double step = Math.pow(10, Math.floor(Math.log10(least))) / ROUNDING;
        TaskDefinition planned = TaskVariant.promising(task, Math.ceil(least / step) * step, epsilon, delta);
        return checked(planned, sites, rounds, true);
    }

    /** All rounds' steps on a record, under another noise multiplier. */
    private static Schedule steps(TaskDefinition task, double z, int rounds) {
        RecordNoise noise = task.recordNoise().orElseThrow();
        return Schedule.of(
                new SubsampledDiscreteGaussianMechanism(noise.samplingRate(), z),
                rounds * task.training().stepsPerRound());
    }

    private static double rho(TaskDefinition task, double z, double epsilon, double delta) {
        TaskDefinition tried = TaskVariant.promising(task, z, epsilon, delta);
        try {
            return tried.rho();
        } catch (ConfigurationException e) {
            // Too little noise to be shared among sites: whatever it costs, it is not enough.
            return MORE_THAN_ANY_BUDGET;
        }
    }

    private static NoisePlan checked(TaskDefinition task, int sites, int rounds, boolean calibrated) {
        int least = task.rounds().minSurvivors();
        ReleaseOptions.require(sites >= least, "--sites", sites, "at least rounds.minSurvivors of the task, " + least);
        task.requireWorkable(sites);
        return new NoisePlan(task, sites, rounds, calibrated, task.rho(), task.budget());
    }

    /** Epsilon at the task's delta after each round, the first first. */
    double[] epsilons() {
        return IntStream.rangeClosed(1, rounds).mapToDouble(this::epsilonAfter).toArray();
    }

    /** Epsilon at the task's delta after so many rounds. */
    double epsilonAfter(int round) {
        return budget.epsilonOf(rho * round);
    }

    /** How many rounds the task's budget admits, at most the rounds planned. */
    int affordable() {
        double spent = 0;
        int round = 0;
        while (round < rounds && budget.admit(spent, rho) instanceof Admission.Granted granted) {
            spent = granted.totalRho();
            round++;
        }
        return round;
    }

    /** What the noise is drawn from: by the server, or by each site. */
    DiscreteGaussian distribution() {
        Optional<RecordNoise> record = task.recordNoise();
        if (record.isPresent()) {
            return record.get().distribution();
        }
        return task.privacy().distributed()
                ? task.noiseShare(sites).distribution()
                : DiscreteGaussian.ofSigma(task.sigma());
    }

    /** What the sampler's distance from the exact distribution adds to delta over all rounds; practically nothing. */
    double samplerDelta() {
        if (task.privacy().removal()) {
            NoiseComponents components = task.noiseComponents(sites);
            double distance = IntStream.range(0, components.components())
                    .mapToDouble(k -> components.component(k).statisticalDistance())
                    .sum();
            return Math.min(1, drawsARound() * rounds * distance * (1 + Math.exp(epsilonAfter(rounds))));
        }
        DiscreteGaussian noise = distribution();
        if (!DiscreteGaussianTable.covers(noise)) {
            return 0;
        }
        return DiscreteGaussianTable.of(noise).deltaOf(drawsARound() * rounds, epsilonAfter(rounds));
    }

    /** The draws that a unit's promise rests on: where records are protected those of the one site that has it. */
    private long drawsARound() {
        if (task.privacy().record() != null) {
            return (long) task.training().stepsPerRound() * task.layout().size();
        }
        long drawers = task.privacy().distributed() ? sites : 1;
        return drawers * (task.chunks().dimension() + RoundMetrics.ENTRIES);
    }

    /** The standard deviation that is charged, in lattice units. */
    long chargedSigma() {
        return task.recordNoise().map(RecordNoise::sigma).orElse(task.sigma());
    }

    /** The L2 sensitivity that it is charged for, in lattice units. */
    double sensitivity() {
        return task.recordNoise().map(RecordNoise::sensitivity).orElse(task.delta2());
    }

    /** The standard deviation of the noise in the sum, in lattice units: of all {@link #sites}. */
    double sumSigma() {
        return task.sumSigma(sites, sites);
    }

    /**
     * The standard deviation of the noise in an entry of the mean update; where records are protected, of the mean gradient over the
     * steps of a round and all sites.
     */
    double noisePerEntry() {
        return task.recordNoise()
                .map(noise -> noise.sigma()
                        / (noise.scale() * task.training().batch())
                        / Math.sqrt((double) sites * task.training().stepsPerRound()))
                .orElseGet(() -> sumSigma() / (task.encoding().scale() * sites));
    }

    /** The root mean square of an entry of an update, or of a gradient, at the clip norm: the most that a mean can have. */
    double signalPerEntry() {
        double clipNorm = task.recordNoise()
                .map(RecordNoise::clipNorm)
                .orElse(task.encoding().clipNorm());
        return clipNorm / Math.sqrt(task.layout().size());
    }

    /** The noise over the signal. */
    double noiseToSignal() {
        return noisePerEntry() / signalPerEntry();
    }

    /** The expected cosine of the angle between the noised and the exact mean, where the exact one has the clip norm. */
    double cosine() {
        return 1 / Math.hypot(1, noiseToSignal());
    }

    /** The utility in words. */
    String utility() {
        double ratio = noiseToSignal();
        if (ratio < 0.1) {
            return "the noise is hardly felt";
        }
        if (ratio < 0.5) {
            return "the noise slows training down a little";
        }
        if (ratio <= 1) {
            return "the noise is nearly as loud as the signal: training needs many rounds or a smaller adapter";
        }
        return ratio <= 10
                ? "the noise is louder than the signal: hardly anything is learned in a round"
                : "the noise drowns the signal: nothing is learned";
    }

    /** The narrowest ring that holds the sum. */
    int narrowestRing() {
        for (int bits : WIDTHS) {
            try {
                TaskVariant.inRing(task, bits).requireWorkable(sites);
                return bits;
            } catch (ConfigurationException e) {
                // Too narrow; the next one may do.
            }
        }
        return task.encoding().ringBits();
    }

    /** The mechanism in words. */
    String mechanism() {
        if (!task.privacy().distributed()) {
            return new TaskPromise(task).mechanism();
        }
        if (task.privacy().removal()) {
            return "Skellam noise in parts (every site adds sigma %s; what dropouts do not use up is taken off down to sigma %s, of which %s is charged)"
                    .formatted(
                            Figures.near(task.noiseShare(sites).localSigma()),
                            Figures.near(task.sumSigma(sites, sites)),
                            Figures.near(task.sigma()));
        }
        return "distributed discrete Gaussian (every site adds sigma %s; %d sites carry the charged sigma %s)"
                .formatted(
                        Figures.near(task.noiseShare(sites).localSigma()),
                        task.noiseShare(sites).honest(),
                        Figures.near(task.sigma()));
    }

    /** The statement after so many rounds. */
    PrivacyStatement statement(int round) {
        return new TaskPromise(task).statement(epsilonAfter(round), round, mechanism());
    }

    /** Whose participation is hidden. */
    PrivacyUnit unit() {
        return new TaskPromise(task).unit();
    }

    /** What whoever signs this ought to know. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        boolean few = unit() == PrivacyUnit.SITE && sites < FEW_SITES;
        if (few && noiseToSignal() > 0.5) {
            warnings.add(
                    "site-level privacy with %d sites, fewer than about %d, drowns the signal: noise that hides a whole site has to be as loud as one site, and there are few others to outweigh it. The honest default is mode 'record' (DP-SGD at the sites), which protects the people in the records rather than the sites"
                            .formatted(sites, FEW_SITES));
        }
        double last = epsilonAfter(rounds);
        if (last > HARDLY_A_PROMISE) {
            String remedy = few
                    ? "; with only %d sites no site-level noise both protects and teaches: the honest default is mode 'record' (DP-SGD at the sites)"
                            .formatted(sites)
                    : ": raise privacy.noiseMultiplier, or ask with --epsilon for the noise that a promise takes";
            warnings.add("epsilon %s after %d rounds promises a %s hardly anything%s"
                    .formatted(Figures.atMost(last), rounds, unit(), remedy));
        }
        int affordable = affordable();
        if (affordable < rounds) {
            warnings.add("the budget of epsilon %s admits %d of %d rounds: the task then stops"
                    .formatted(Figures.near(task.privacy().budgetEpsilon()), affordable, rounds));
        }
        if (unit() == PrivacyUnit.SITE && task.privacy().delta() * sites >= 1) {
            warnings.add("delta %s is not below one over the %d sites: it allows one of them to be given away"
                    .formatted(Figures.near(task.privacy().delta()), sites));
        }
        if (samplerDelta() > task.privacy().delta()) {
            warnings.add(
                    "epsilon %s is too large for delta to cover the sampler's distance from the exact distribution: the statement holds for exact draws alone"
                            .formatted(Figures.atMost(last)));
        }
        return warnings;
    }
}
