package dev.sotto.privacy.accounting;

/**
 * The discrete Fourier transform of real signals whose length is one power of two.
 *
 * <p>A signal of n reals is transformed as n/2 complex numbers (Cooley, Tukey 1965, radix 2). Every root of unity comes from
 * the sine and cosine of its own angle, not from a recurrence, so the rounding of a coefficient is at most {@link
 * #rounding()} times the sum of the signal's magnitudes: compositions raise coefficients to powers of ten thousand and more,
 * which multiplies any error by that. Immutable and thread-safe.
 */
final class RealFft {
    private static final double UNIT = 0x1p-53;

    private final int half;
    private final int bits;
    private final double[] cos;
    private final double[] sin;

    /** A transform of signals of {@code 2^log} entries, log at least 2. */
    RealFft(int log) {
        bits = log - 1;
        half = 1 << bits;
        cos = new double[half];
        sin = new double[half];
        for (int k = 0; k < half; k++) {
            double angle = Math.PI * k / half;
            cos[k] = Math.cos(angle);
            sin[k] = Math.sin(angle);
        }
    }

    int size() {
        return 2 * half;
    }

    /**
     * A bound on the error of one coefficient, per unit of the signal's L1 norm: some roundings at each of the log2 n
     * levels, and some to spare.
     */
    double rounding() {
        return UNIT * (6 * (bits + 1) + 32);
    }

    /**
     * The coefficients 0 to n/2; the others are their conjugates.
     *
     * @param signal n entries
     * @param re receives n/2 + 1 real parts
     * @param im receives n/2 + 1 imaginary parts
     */
    void forward(double[] signal, double[] re, double[] im) {
        for (int k = 0; k < half; k++) {
            int from = reversed(k);
            re[k] = signal[2 * from];
            im[k] = signal[2 * from + 1];
        }
        butterflies(re, im);
        re[half] = re[0];
        im[half] = im[0];
        for (int k = 0; k <= half / 2; k++) {
            int mirror = half - k;
            double evenRe = (re[k] + re[mirror]) / 2;
            double evenIm = (im[k] - im[mirror]) / 2;
            double oddRe = (im[k] + im[mirror]) / 2;
            double oddIm = (re[mirror] - re[k]) / 2;
            // The odd half turned by exp(-2 pi i k / n).
            double turnedRe = oddRe * cos[k] + oddIm * sin[k];
            double turnedIm = oddIm * cos[k] - oddRe * sin[k];
            re[k] = evenRe + turnedRe;
            im[k] = evenIm + turnedIm;
            re[mirror] = evenRe - turnedRe;
            im[mirror] = turnedIm - evenIm;
        }
    }

    /**
     * The signal of the given coefficients; overwrites them.
     *
     * @param re n/2 + 1 real parts
     * @param im n/2 + 1 imaginary parts; the first and the last are taken as 0
     * @return n entries
     */
    double[] inverse(double[] re, double[] im) {
        double[] packedRe = new double[half];
        double[] packedIm = new double[half];
        for (int k = 0; k < half; k++) {
            int mirror = half - k;
            double imK = k == 0 ? 0 : im[k];
            double imMirror = k == 0 ? 0 : im[mirror];
            double evenRe = (re[k] + re[mirror]) / 2;
            double evenIm = (imK - imMirror) / 2;
            double turnedRe = (re[k] - re[mirror]) / 2;
            double turnedIm = (imK + imMirror) / 2;
            double oddRe = turnedRe * cos[k] - turnedIm * sin[k];
            double oddIm = turnedIm * cos[k] + turnedRe * sin[k];
            int to = reversed(k);
            packedRe[to] = evenRe - oddIm;
            packedIm[to] = evenIm + oddRe;
        }
        // With the two parts exchanged a forward transform is an inverse one.
        butterflies(packedIm, packedRe);
        double[] signal = new double[2 * half];
        for (int k = 0; k < half; k++) {
            signal[2 * k] = packedRe[k] / half;
            signal[2 * k + 1] = packedIm[k] / half;
        }
        return signal;
    }

    private int reversed(int index) {
        return Integer.reverse(index) >>> (Integer.SIZE - bits);
    }

    /** In place, from bit-reversed order, over the first n/2 entries. */
    private void butterflies(double[] re, double[] im) {
        for (int length = 1; length < half; length *= 2) {
            int stride = half / length;
            for (int start = 0; start < half; start += 2 * length) {
                for (int k = 0; k < length; k++) {
                    double c = cos[k * stride];
                    double s = sin[k * stride];
                    int a = start + k;
                    int b = a + length;
                    double turnedRe = re[b] * c + im[b] * s;
                    double turnedIm = im[b] * c - re[b] * s;
                    re[b] = re[a] - turnedRe;
                    im[b] = im[a] - turnedIm;
                    re[a] += turnedRe;
                    im[a] += turnedIm;
                }
            }
        }
    }
}
