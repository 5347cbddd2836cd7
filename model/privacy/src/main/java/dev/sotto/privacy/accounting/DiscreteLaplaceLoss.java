package dev.sotto.privacy.accounting;

/**
 * The privacy loss of the discrete Laplace mechanism: (|k - D| - |k|) / t at output k, the same for adding and removing.
 *
 * @param scale t
 * @param sensitivity D, at most 2^20 here, since the sum over the integers gets long
 */
record DiscreteLaplaceLoss(double scale, int sensitivity) implements LossDistribution {
    private static final int MAX_SENSITIVITY = 1 << 20;

    DiscreteLaplaceLoss {
        Checks.require(
                sensitivity <= MAX_SENSITIVITY,
                "sensitivity",
                sensitivity,
                "be at most " + MAX_SENSITIVITY + " for a privacy loss distribution",
                "use RdpAccountant");
    }

    @Override
    public double low() {
        return Math.max(-high(), -HIGHEST);
    }

    @Override
    public double high() {
        return sensitivity / scale;
    }

    @Override
    public double spread() {
        return sensitivity / scale;
    }

    @Override
    public void addTo(ConnectTheDots dots) {
        double tail = 1 / (1 + Math.exp(-1 / scale));
        double centre = -Math.expm1(-1 / scale) * tail;
        dots.atom(sensitivity / scale, tail);
        dots.atom(-sensitivity / scale, tail * Math.exp(-sensitivity / scale));
        for (int k = 1; k < sensitivity; k++) {
            dots.atom((sensitivity - 2.0 * k) / scale, centre * Math.exp(-k / scale));
        }
    }
}
