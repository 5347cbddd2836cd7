package dev.sotto.privacy.accounting;

/** The argument checks of this package; each error prints the value, the bound and what to do. */
final class Checks {
    private Checks() {}

    static double positive(String name, double value, String remedy) {
        return require(value > 0 && value < Double.POSITIVE_INFINITY, name, value, "be positive and finite", remedy);
    }

    static double notNegative(String name, double value, String remedy) {
        return require(value >= 0 && value < Double.POSITIVE_INFINITY, name, value, "be finite and at least 0", remedy);
    }

    static double delta(double value) {
        return require(
                value > 0 && value < 1,
                "delta",
                value,
                "lie strictly between 0 and 1",
                "choose it well below one over the number of units, such as 1e-6");
    }

    static double samplingRate(double value) {
        return require(
                value > 0 && value <= 1,
                "sampling rate",
                value,
                "lie in (0, 1]",
                "give the probability with which each unit takes part, expected batch over units");
    }

    static double noiseMultiplier(double value) {
        return positive("noise multiplier", value, "give the standard deviation over the L2 sensitivity");
    }

    static double order(double value) {
        return require(
                value > 1 && value < Double.POSITIVE_INFINITY,
                "order",
                value,
                "be finite and above 1",
                "give a Renyi order such as 2");
    }

    static int atLeastOne(String name, int value, String remedy) {
        require(value >= 1, name, value, "be at least 1", remedy);
        return value;
    }

    static double require(boolean holds, String name, Number value, String bound, String remedy) {
        if (!holds) {
            throw new IllegalArgumentException(name + " must " + bound + ", got " + value + ": " + remedy);
        }
        return value.doubleValue();
    }
}
