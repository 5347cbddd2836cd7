package dev.sotto.privacy.accounting;

/**
 * A privacy loss distribution on the multiples of a step, with the mass of infinite loss kept apart. Immutable: the array is
 * not written to after it got here.
 */
final class PrivacyLoss {
    private static final int BLOCK = 64;

    private final double step;
    private final int lowest;
    private final double[] mass;
    private final double infinite;

    PrivacyLoss(double step, int lowest, double[] mass, double infinite) {
        this.step = step;
        this.lowest = lowest;
        this.mass = mass;
        this.infinite = infinite;
    }

    double step() {
        return step;
    }

    /** The lowest loss, in steps. */
    int lowest() {
        return lowest;
    }

    /** The highest finite loss, in steps. */
    int highest() {
        return lowest + mass.length - 1;
    }

    double infinite() {
        return infinite;
    }

    /**
     * ln of the sum of mass times exp(tilt loss) over finite losses. Blocks are summed by Horner's rule and added up as
     * logarithms.
     *
     * @param tilt at most a few over the step, so that a block does not overflow
     */
    double logMoment(double tilt) {
        double ratio = Math.exp(tilt * step);
        double square = ratio * ratio;
        LogSum sum = new LogSum();
        for (int start = 0; start < mass.length; start += BLOCK) {
            int end = Math.min(mass.length, start + BLOCK);
            // Even and odd entries by themselves: two chains of products run side by side.
            double even = 0;
            double odd = (end - start) % 2 == 1 ? 0 : mass[end - 1];
            for (int i = (end - start - 1) / 2 * 2 + start; i >= start; i -= 2) {
                even = even * square + mass[i];
                odd = i == start ? odd : odd * square + mass[i - 1];
            }
            double block = even + ratio * odd;
            if (block > 0) {
                sum.add(tilt * (lowest + start) * step + Math.log(block));
            }
        }
        return sum.value();
    }

    /** The masses times exp(tilt loss - logMoment(tilt)): a probability distribution on the finite losses. */
    double[] tilted(double tilt) {
        double logMoment = logMoment(tilt);
        double[] tilted = new double[mass.length];
        for (int i = 0; i < mass.length; i++) {
            tilted[i] = mass[i] == 0 ? 0 : mass[i] * Math.exp(tilt * (lowest + i) * step - logMoment);
        }
        return tilted;
    }
}
