package dev.sotto.privacy.accounting;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/**
 * The privacy loss of a whole schedule, as the independent losses it is the sum of; all on one grid.
 *
 * <p>Design. A plain Fourier convolution has an absolute error of about 1e-16 times the number of releases in every cell,
 * which drowns small deltas. So every loss is first tilted: its masses are multiplied by exp(tilt loss) and normalised, with
 * the tilt at which the tilted sum has its mean where the answer is expected; the convolution is tilted back afterwards, and
 * errors become relative to the answer. The sum needs to be known only where the tilted one has mass, so the transform is as
 * long as that window, and single losses are wrapped around it. Tilts and windows come from the cumulant function K(t) = ln
 * E exp(t loss), by Chernoff's bound. Immutable.
 */
final class LossSum {
    /**
     * @param loss of one release
     * @param count how often it is added
     */
    record Term(PrivacyLoss loss, int count) {}

    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final int GOLDEN_STEPS = 22;
    private static final double LEAST_LOG_TILT = Math.log(1e-6);
    private static final double MOST_TILT = 1e4;
    // exp(tilt step) to the power of a block of 64 must not overflow.
    private static final double MOST_TILT_STEPS = 4;

    private final List<Term> terms;
    private final double step;

    /** @param terms at least one, all of the same step */
    LossSum(List<Term> terms) {
        this.terms = List.copyOf(terms);
        step = terms.get(0).loss().step();
    }

    List<Term> terms() {
        return terms;
    }

    double step() {
        return step;
    }

    /** How many losses are added. */
    double count() {
        return terms.stream().mapToDouble(Term::count).sum();
    }

    /** K(tilt), over finite losses. */
    double cumulant(double tilt) {
        double sum = 0;
        for (Term term : terms) {
            sum += term.count() * term.loss().logMoment(tilt);
        }
        return sum;
    }

    /** The least epsilon at delta, or empty if the window is too wide for this grid. */
    OptionalDouble epsilon(double delta) {
        double finite = delta - infinite();
        if (finite <= 0) {
            return OptionalDouble.of(Double.POSITIVE_INFINITY);
        }
        double logDelta = Math.log(finite);
        double tilt = bestTilt(candidate -> (cumulant(candidate) - logDelta) / candidate);
        return TiltedSum.of(this, tilt)
                .map(sum -> OptionalDouble.of(sum.epsilon(finite)))
                .orElseGet(OptionalDouble::empty);
    }

    /** The least delta at epsilon, or empty if the window is too wide for this grid. */
    OptionalDouble delta(double epsilon) {
        if (infinite() >= 1) {
            return OptionalDouble.of(1);
        }
        double tilt = 0;
        double least = cumulant(0);
        double candidate = bestTilt(t -> cumulant(t) - t * epsilon);
        if (cumulant(candidate) - candidate * epsilon < least) {
            tilt = candidate;
        }
        return TiltedSum.of(this, tilt)
                .map(sum -> OptionalDouble.of(Math.min(1, infinite() + sum.delta(epsilon))))
                .orElseGet(OptionalDouble::empty);
    }

    /** The chance that any loss is infinite. */
    private double infinite() {
        double logFinite = 0;
        for (Term term : terms) {
            logFinite += term.count() * Math.log1p(-term.loss().infinite());
        }
        return -Math.expm1(logFinite);
    }

    /** Golden section on the logarithm; any tilt gives a valid answer, a good one a precise answer. */
    private double bestTilt(DoubleUnaryOperator bound) {
        double low = LEAST_LOG_TILT;
        double high = Math.log(Math.min(MOST_TILT, MOST_TILT_STEPS / step));
        double left = high - GOLDEN * (high - low);
        double right = low + GOLDEN * (high - low);
        double atLeft = bound.applyAsDouble(Math.exp(left));
        double atRight = bound.applyAsDouble(Math.exp(right));
        for (int i = 0; i < GOLDEN_STEPS; i++) {
            if (atLeft <= atRight) {
                high = right;
                right = left;
                atRight = atLeft;
                left = high - GOLDEN * (high - low);
                atLeft = bound.applyAsDouble(Math.exp(left));
            } else {
                low = left;
                left = right;
                atLeft = atRight;
                right = low + GOLDEN * (high - low);
                atRight = bound.applyAsDouble(Math.exp(right));
            }
        }
        return Math.exp(atLeft <= atRight ? left : right);
    }
}
