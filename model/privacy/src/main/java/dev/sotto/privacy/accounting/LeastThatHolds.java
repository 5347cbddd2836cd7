package dev.sotto.privacy.accounting;

import java.util.function.DoubleUnaryOperator;

/**
 * The search for the least number at which an excess, which falls, is no longer positive.
 *
 * <p>Bisection, with two guesses by the secant of the bracket between any two halvings: smooth excesses take a handful of
 * tries, any other at most three times those of bisection. Whatever the excess does, the number returned was itself tried,
 * or given as known, and found to hold. Not thread-safe.
 */
final class LeastThatHolds {
    private static final int GUESSES = 2;

    private final DoubleUnaryOperator excess;
    private double fails;
    private double excessAtFails = Double.POSITIVE_INFINITY;
    private double holds;
    private double excessAtHolds = Double.NEGATIVE_INFINITY;

    private LeastThatHolds(DoubleUnaryOperator excess, double fails, double holds) {
        this.excess = excess;
        this.fails = fails;
        this.holds = holds;
    }

    /**
     * A number where the excess was seen to be at most 0, and which is at most {@code tolerance} (absolute) above one where
     * it was seen not to.
     *
     * @param fails where the excess is taken to be positive; not tried
     * @param holds where it is known not to be; returned if no lower number will do
     */
    static double between(double fails, double holds, DoubleUnaryOperator excess, double tolerance) {
        return new LeastThatHolds(excess, fails, holds).search(tolerance);
    }

    private double search(double tolerance) {
        boolean held = true;
        for (int i = 0; holds - fails > tolerance; i++) {
            double middle = fails + (holds - fails) / 2;
            if (middle <= fails || middle >= holds) {
                break;
            }
            // Aims a little past the crossing, to the side that the last try was not on, so that both ends of the
            // bracket close in.
            double guess = secant() + (held ? -tolerance : tolerance) / 4;
            boolean useful = i % (GUESSES + 1) != GUESSES && guess > fails && guess < holds;
            held = probe(useful ? guess : middle);
        }
        return holds;
    }

    /** Where the line through the ends of the bracket crosses zero; not a number while an end is unknown or infinite. */
    private double secant() {
        return fails + (holds - fails) * excessAtFails / (excessAtFails - excessAtHolds);
    }

    private boolean probe(double number) {
        double value = excess.applyAsDouble(number);
        if (value <= 0) {
            holds = number;
            excessAtHolds = value;
            return true;
        }
        fails = number;
        excessAtFails = value;
        return false;
    }
}
