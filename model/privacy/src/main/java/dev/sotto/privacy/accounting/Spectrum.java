package dev.sotto.privacy.accounting;

import java.util.Arrays;

/**
 * The coefficients of a convolution power product in the making, with a running bound on how far each may be off.
 *
 * <p>Powers are taken by repeated squaring, whose relative error for the n-th power is some n roundings. That and the
 * transform's own error, which the n-th power multiplies by n, are bounded together: a coefficient of magnitude m becomes at
 * most (m + error)^n. Not thread-safe.
 */
final class Spectrum {
    private final RealFft fft;
    private final double[] re;
    private final double[] im;
    /** What the magnitudes would be if every transform erred upwards as far as it can. */
    private final double[] raised;

    /** The spectrum of nothing added up: all mass at zero. */
    Spectrum(RealFft fft) {
        this.fft = fft;
        int frequencies = fft.size() / 2 + 1;
        re = new double[frequencies];
        im = new double[frequencies];
        raised = new double[frequencies];
        Arrays.fill(re, 1);
        Arrays.fill(raised, 1);
    }

    /**
     * Convolves with the {@code count}-fold convolution of a distribution.
     *
     * @param signal as many entries as the transform has, not negative, of sum 1
     * @param count at least 1
     */
    void multiply(double[] signal, int count) {
        double[] factorRe = new double[re.length];
        double[] factorIm = new double[re.length];
        fft.forward(signal, factorRe, factorIm);
        for (int k = 0; k < re.length; k++) {
            multiply(k, factorRe[k], factorIm[k], count);
        }
    }

    private void multiply(int k, double factorRe, double factorIm, int count) {
        double magnitude = Math.sqrt(factorRe * factorRe + factorIm * factorIm) + fft.rounding();
        double a = factorRe;
        double b = factorIm;
        for (int rest = count; rest > 0 && raised[k] > 0; rest >>= 1) {
            if ((rest & 1) == 1) {
                double product = re[k] * a - im[k] * b;
                im[k] = re[k] * b + im[k] * a;
                re[k] = product;
                raised[k] *= magnitude;
            }
            double square = a * a - b * b;
            b = 2 * a * b;
            a = square;
            magnitude *= magnitude;
        }
    }

    /** The convolution, every entry raised by the bound on its error; uses this up. */
    double[] convolution() {
        double error = 0;
        for (int k = 0; k < re.length; k++) {
            double copies = k == 0 || k == re.length - 1 ? 1 : 2;
            double off = raised[k] - Math.sqrt(re[k] * re[k] + im[k] * im[k]);
            error += copies * (Math.max(0, off) + raised[k] * fft.rounding());
        }
        double[] signal = fft.inverse(re, im);
        for (int i = 0; i < signal.length; i++) {
            signal[i] = Math.max(0, signal[i]) + error / signal.length;
        }
        return signal;
    }
}
