package dev.sotto.coordination.privacy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers for people: a few significant figures, and none of zeros. Stateless. */
final class Figures {
    private static final int FIGURES = 6;
    private static final int PLAIN_BELOW = 15;

    private Figures() {}

    /** The nearest number of six figures. */
    static String near(double value) {
        return rounded(value, FIGURES, RoundingMode.HALF_EVEN);
    }

    /** The nearest number of so many figures. */
    static String near(double value, int figures) {
        return rounded(value, figures, RoundingMode.HALF_EVEN);
    }

    /** The least number of six figures that is not below: for what must not be understated. */
    static String atMost(double value) {
        return rounded(value, FIGURES, RoundingMode.CEILING);
    }

    /** The largest number of six figures that is not above: for what must not be overstated. */
    static String atLeast(double value) {
        return rounded(value, FIGURES, RoundingMode.FLOOR);
    }

    private static String rounded(double value, int figures, RoundingMode mode) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "unknown" : value > 0 ? "infinite" : "-infinite";
        }
        // The decimal that is printed for the double, not its binary expansion: 0.1 is not above 0.1.
        BigDecimal number =
                BigDecimal.valueOf(value).round(new MathContext(figures, mode)).stripTrailingZeros();
        int exponent = number.precision() - number.scale() - 1;
        boolean plain = number.signum() == 0 || (exponent >= -4 && exponent < PLAIN_BELOW);
        return plain
                ? number.toPlainString()
                : number.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
    }
}
