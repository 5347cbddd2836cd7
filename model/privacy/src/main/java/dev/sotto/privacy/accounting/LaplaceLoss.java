package dev.sotto.privacy.accounting;

/**
 * The privacy loss of the Laplace mechanism: (|x - 1| - |x|) / b at output x, the same for adding and removing. Outputs
 * outside [0, 1] have the extreme losses +-1/b; those between have losses between, all in closed form.
 *
 * @param scale b, over the sensitivity
 */
record LaplaceLoss(double scale) implements LossDistribution {
    @Override
    public double low() {
        return Math.max(-high(), -HIGHEST);
    }

    @Override
    public double high() {
        return 1 / scale;
    }

    @Override
    public double spread() {
        return 1 / scale;
    }

    @Override
    public void addTo(ConnectTheDots dots) {
        double most = 1 / scale;
        double bottom = dots.at(dots.lowest());
        double top = dots.at(dots.highestCell() + 1);
        dots.atom(most, 0.5);
        double between = Math.exp(-most / 2) / 2;
        double from = Math.max(bottom, -most);
        dots.belowGrid(Math.exp(-most) / 2 + between * (Math.exp(from / 2) - Math.exp(-most / 2)));
        for (int i = dots.lowest(); i <= dots.highestCell(); i++) {
            double low = Math.max(dots.at(i), -most);
            double width = Math.min(dots.at(i + 1), most) - low;
            if (width > 0) {
                double p = between * Math.exp(low / 2) * Math.expm1(width / 2);
                double q = between * Math.exp(-low / 2) * -Math.expm1(-width / 2);
                dots.cell(i, p, q, p + q);
            }
        }
        if (top < most) {
            dots.aboveGrid(between * (Math.exp(most / 2) - Math.exp(top / 2)));
        }
    }
}
