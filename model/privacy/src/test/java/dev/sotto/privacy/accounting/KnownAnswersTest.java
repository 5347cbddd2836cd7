package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.privacy.Sensitivity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every known answer about accounting. A group with a vector that nothing here checks fails, so none is passed over. */
class KnownAnswersTest {
    private static final RdpAccountant RDP = RdpAccountant.create();
    private static final PldAccountant PLD = PldAccountant.create();
    /** Where a vector names no tolerance: never below the truth, and this much above at most. */
    private static final double TIGHT = 1e-2;

    private static final Map<String, Consumer<JsonNode>> RDP_CHECKS = Map.ofEntries(
            Map.entry("rdp-subsampled-1", KnownAnswersTest::divergences),
            Map.entry("rdp-gaussian-eps1", v -> closeTo(v, RDP.epsilon(sampled(v), delta(v)))),
            Map.entry("rdp-opacus-2250", v -> closeTo(v, RDP.epsilon(sampled(v), delta(v)))),
            Map.entry("rdp-opacus-find-z", KnownAnswersTest::leastNoiseMultiplier),
            Map.entry("rdp-tfp-dpsgd-1", KnownAnswersTest::epochs),
            Map.entry("rdp-tfp-full", v -> closeTo(v, RDP.epsilon(sampled(v), delta(v)))),
            Map.entry("rdp-10000", KnownAnswersTest::atMost),
            Map.entry("zcdp-0.5", KnownAnswersTest::concentrated),
            Map.entry("log-moment", KnownAnswersTest::moment),
            Map.entry("rdp-laplace", KnownAnswersTest::laplaceDivergence));

    private static final Map<String, Consumer<JsonNode>> PLD_CHECKS = Map.of(
            "prv-2249", KnownAnswersTest::betweenPldAndPrv,
            "pld-full", v -> tight(v, PLD.epsilon(sampled(v), delta(v))),
            "pld-3-gaussian", KnownAnswersTest::deltaOfGaussians,
            "laplace-20-queries", KnownAnswersTest::leastLaplaceScale,
            "subsampled-gaussian-1", KnownAnswersTest::leastSampledSigma,
            "pld-10000", v -> tight(v, PLD.epsilon(sampled(v), delta(v))),
            "laplace-100", KnownAnswersTest::laplaceEpsilon,
            "analytic-gaussian", KnownAnswersTest::leastAnalyticSigma);

    private static final Map<String, Consumer<JsonNode>> DISCRETE_CHECKS = Map.of(
            "dg-sigma-1", KnownAnswersTest::leastDiscreteSigma,
            "dg-sigma-5", KnownAnswersTest::leastDiscreteSigma,
            "dg-truncated", KnownAnswersTest::truncatedDeviation,
            "dg-variance", KnownAnswersTest::discreteVariance,
            "dg-exact-delta", KnownAnswersTest::discreteDelta);

    private static final Map<String, Consumer<JsonNode>> DISTRIBUTED_CHECKS = Map.of(
            "tau", KnownAnswersTest::tau,
            "ddg-rdp", KnownAnswersTest::distributedDivergence,
            "ddg-epsilon", KnownAnswersTest::distributedEpsilon);

    private static final Map<String, Consumer<JsonNode>> CORRELATED_CHECKS =
            Map.of("blt-2", KnownAnswersTest::toeplitzSensitivity);

    @TestFactory
    Stream<DynamicTest> correlated_knownAnswer_isMet() {
        return tests("blt", CORRELATED_CHECKS);
    }

    @TestFactory
    Stream<DynamicTest> rdp_knownAnswer_isMet() {
        return tests("rdp", RDP_CHECKS);
    }

    @TestFactory
    Stream<DynamicTest> pld_knownAnswer_isMet() {
        return tests("pld", PLD_CHECKS);
    }

    @TestFactory
    Stream<DynamicTest> discreteGaussian_knownAnswer_isMet() {
        return tests("discrete_gaussian", DISCRETE_CHECKS);
    }

    @TestFactory
    Stream<DynamicTest> distributedDiscreteGaussian_knownAnswer_isMet() {
        return tests("distributed_discrete_gaussian", DISTRIBUTED_CHECKS);
    }

    private static Stream<DynamicTest> tests(String group, Map<String, Consumer<JsonNode>> checks) {
        List<JsonNode> vectors = KnownAnswers.of(group);
        assertThat(vectors).extracting(v -> v.get("id").asText()).containsExactlyInAnyOrderElementsOf(checks.keySet());
        return vectors.stream()
                .map(v -> DynamicTest.dynamicTest(
                        v.get("id").asText(),
                        () -> checks.get(v.get("id").asText()).accept(v)));
    }

    /**
     * The divergence of order 1.5 comes from a series without its signs, which is a bound; here the signs stay and the truth
     * is met.
     */
    private static void divergences(JsonNode v) {
        Schedule schedule = sampled(v);
        for (int i = 0; i < v.get("alpha").size(); i++) {
            double order = v.get("alpha").get(i).asDouble();
            double known = v.get("rdp").get(i).asDouble();
            double ours = RDP.rdp(schedule, order);
            if (order == Math.rint(order)) {
                assertThat(ours).isCloseTo(known, within(known * v.get("rtol").asDouble()));
            } else {
                double truth = number(v, "steps")
                        * new SampledGaussianTruth(number(v, "q"), number(v, "noise_multiplier")).renyi(order);
                assertThat(ours).isBetween(truth, truth * (1 + 1e-8)).isLessThan(known);
            }
        }
    }

    private static void leastNoiseMultiplier(JsonNode v) {
        double q = number(v, "q");
        int steps = (int) Math.round(number(v, "epochs") / q);
        double found = new Calibration(RDP, target(v))
                .leastNoise(z -> Schedule.of(new SubsampledGaussianMechanism(q, z), steps));
        assertThat(found).isCloseTo(number(v, "noise_multiplier"), within(number(v, "atol")));
    }

    private static void epochs(JsonNode v) {
        int steps = (int) Math.round(number(v, "epochs") * number(v, "n") / number(v, "batch"));
        Mechanism mechanism =
                new SubsampledGaussianMechanism(number(v, "batch") / number(v, "n"), number(v, "noise_multiplier"));
        closeTo(v, RDP.epsilon(Schedule.of(mechanism, steps), delta(v)));
        assertThat(RDP.bestOrder(Schedule.of(mechanism, steps), delta(v))).isEqualTo(number(v, "order"));
    }

    private static void atMost(JsonNode v) {
        double bound = number(v, "epsilon_at_most");
        assertThat(RDP.epsilon(sampled(v), delta(v))).isBetween(bound - 1e-3, bound);
    }

    private static void concentrated(JsonNode v) {
        Schedule schedule = Schedule.of(new ConcentratedMechanism(number(v, "rho")), 1);
        closeTo(v, ZcdpAccountant.create().epsilon(schedule, delta(v)));
    }

    private static void moment(JsonNode v) {
        double known = number(v, "rdp");
        double ours =
                new SubsampledGaussianMechanism(number(v, "q"), number(v, "noise_multiplier")).rdp(number(v, "alpha"));
        assertThat(ours).isCloseTo(known, within(known * number(v, "rtol")));
    }

    private static void laplaceDivergence(JsonNode v) {
        double known = number(v, "rdp");
        double ours = new LaplaceMechanism(1 / number(v, "laplace_epsilon")).rdp(number(v, "alpha"));
        assertThat(ours).isCloseTo(known, within(known * number(v, "rtol")));
    }

    private static void betweenPldAndPrv(JsonNode v) {
        double pld = number(v, "epsilon_pld");
        assertThat(PLD.epsilon(sampled(v), delta(v)))
                .isCloseTo(pld, within(1e-4))
                .isLessThan(number(v, "epsilon_prv"));
    }

    private static void deltaOfGaussians(JsonNode v) {
        assertThat(PLD.delta(sampled(v), number(v, "epsilon"))).isCloseTo(delta(v), within(1e-6));
    }

    private static void leastLaplaceScale(JsonNode v) {
        int queries = v.get("queries").asInt();
        double found = new Calibration(PLD, target(v)).leastNoise(b -> Schedule.of(new LaplaceMechanism(b), queries));
        assertThat(found).isCloseTo(number(v, "smallest_laplace_scale"), within(number(v, "atol")));
    }

    private static void leastSampledSigma(JsonNode v) {
        double q = number(v, "q");
        int steps = v.get("steps").asInt();
        double found = new Calibration(PLD, target(v))
                .leastNoise(z -> Schedule.of(new SubsampledGaussianMechanism(q, z), steps));
        assertThat(found).isCloseTo(number(v, "sigma"), within(1e-6));
    }

    private static void laplaceEpsilon(JsonNode v) {
        Schedule schedule = Schedule.of(
                new LaplaceMechanism(number(v, "laplace_scale")), v.get("steps").asInt());
        tight(v, PLD.epsilon(schedule, delta(v)));
    }

    private static void leastAnalyticSigma(JsonNode v) {
        double found = new Calibration(AnalyticGaussianAccountant.create(), target(v))
                .leastNoise(z -> Schedule.of(new GaussianMechanism(z), 1));
        assertThat(found).isCloseTo(number(v, "sigma"), within(1e-6));
    }

    private static void leastDiscreteSigma(JsonNode v) {
        int sensitivity = v.get("sensitivity").asInt();
        double found = new Calibration(PLD, target(v))
                .leastNoise(sigma -> Schedule.of(new DiscreteGaussianMechanism(sigma, sensitivity), 1));
        assertThat(found).isCloseTo(number(v, "sigma"), within(Math.pow(10, -number(v, "places"))));
    }

    private static void truncatedDeviation(JsonNode v) {
        double[] masses = new DiscreteGaussianLoss(number(v, "sigma"), 1).masses();
        int bound = v.get("bound").asInt();
        double inside = masses[0];
        double squares = 0;
        for (int y = 1; y <= bound; y++) {
            inside += 2 * masses[y];
            squares += 2 * masses[y] * y * y;
        }
        assertThat(Math.sqrt(squares / inside)).isCloseTo(number(v, "std"), within(1e-7));
    }

    private static void discreteVariance(JsonNode v) {
        for (int i = 0; i < v.get("variance").size(); i++) {
            double sigma = Math.sqrt(v.get("sigma_squared").get(i).asDouble());
            double[] masses = new DiscreteGaussianLoss(sigma, 1).masses();
            double variance = IntStream.range(1, masses.length)
                    .mapToDouble(y -> 2 * masses[y] * y * y)
                    .sum();
            assertThat(variance).isCloseTo(v.get("variance").get(i).asDouble(), within(1e-12));
        }
    }

    private static void discreteDelta(JsonNode v) {
        Mechanism mechanism = new DiscreteGaussianMechanism(
                number(v, "sigma"), v.get("sensitivity").asInt());
        assertThat(PLD.delta(Schedule.of(mechanism, 1), number(v, "epsilon"))).isCloseTo(delta(v), within(1e-9));
    }

    private static void toeplitzSensitivity(JsonNode v) {
        List<Double> omega = new ArrayList<>();
        List<Double> theta = new ArrayList<>();
        v.get("omega").forEach(weight -> omega.add(weight.asDouble()));
        v.get("theta").forEach(decay -> theta.add(decay.asDouble()));
        // To the last digit that the vector gives.
        assertThat(new BufferedToeplitz(omega, theta)
                        .sensitivitySquared(v.get("n").asInt()))
                .isEqualTo(v.get("sensitivity_squared").asDouble(), within(1e-10));
    }

    private static void tau(JsonNode v) {
        double known = number(v, "tau");
        DistributedDiscreteGaussianMechanism mechanism =
                DistributedDiscreteGaussianMechanism.of(v.get("n").asInt(), number(v, "sigma_local"), 1, 1);
        assertThat(mechanism.tau()).isCloseTo(known, within(known * 1e-9));
    }

    private static void distributedDivergence(JsonNode v) {
        int n = v.get("n").asInt();
        double sigma = number(v, "sigma_local");
        Mechanism gaussian = new DistributedDiscreteGaussianMechanism(
                n, sigma, number(v, "l2"), number(v, "l1"), v.get("dimension").asInt());
        Mechanism skellam = new SkellamMechanism(n * sigma * sigma, number(v, "l2"), number(v, "l1"));
        assertThat(gaussian.rdp(number(v, "alpha"))).isCloseTo(number(v, "rdp_ddg"), within(1e-9));
        assertThat(skellam.rdp(number(v, "alpha"))).isCloseTo(number(v, "rdp_skellam"), within(1e-9));
    }

    private static void distributedEpsilon(JsonNode v) {
        int dimension = v.get("dimension").asInt();
        double lattice = 1 / number(v, "gamma");
        assertThat(number(v, "beta")).isCloseTo(Sensitivity.BETA, within(1e-12));
        Mechanism mechanism = DistributedDiscreteGaussianMechanism.of(
                v.get("n").asInt(),
                number(v, "sigma_local") * lattice,
                Sensitivity.delta2(number(v, "clip") * lattice, dimension),
                dimension);
        double[] orders = IntStream.rangeClosed(2, 128).asDoubleStream().toArray();
        Schedule schedule = Schedule.of(mechanism, v.get("steps").asInt());
        assertThat(RdpAccountant.ofOrders(orders).epsilon(schedule, delta(v)))
                .isCloseTo(number(v, "epsilon"), within(1e-7));
    }

    private static void closeTo(JsonNode v, double ours) {
        double known = number(v, "epsilon");
        assertThat(ours).isCloseTo(known, within(known * number(v, "rtol")));
    }

    private static void tight(JsonNode v, double ours) {
        double known = number(v, "epsilon");
        // The vector has seven or eight digits.
        assertThat(ours).isBetween(known - 1e-6, known + TIGHT);
    }

    private static PrivacyTarget target(JsonNode v) {
        return new PrivacyTarget(number(v, "epsilon"), delta(v));
    }

    private static Schedule sampled(JsonNode v) {
        double z = number(v, "noise_multiplier");
        Mechanism mechanism =
                number(v, "q") == 1 ? new GaussianMechanism(z) : new SubsampledGaussianMechanism(number(v, "q"), z);
        return Schedule.of(mechanism, v.get("steps").asInt());
    }

    private static double delta(JsonNode v) {
        return number(v, "delta");
    }

    private static double number(JsonNode v, String key) {
        return v.required(key).asDouble();
    }
}
