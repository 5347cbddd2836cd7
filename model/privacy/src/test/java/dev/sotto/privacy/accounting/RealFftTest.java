package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RealFftTest {
    private static double[] signal(int size) {
        SplittableRandom random = new SplittableRandom(size);
        return random.doubles(size).map(x -> x * x * x / size).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 6, 9})
    void forward_anySignal_isTheSumOfItsWaves(int log) {
        RealFft fft = new RealFft(log);
        int n = fft.size();
        double[] signal = signal(n);
        double norm = Arrays.stream(signal).sum();
        double[] re = new double[n / 2 + 1];
        double[] im = new double[n / 2 + 1];
        fft.forward(signal, re, im);
        for (int k = 0; k <= n / 2; k++) {
            double expectedRe = 0;
            double expectedIm = 0;
            for (int j = 0; j < n; j++) {
                double angle = 2 * Math.PI * ((long) j * k % n) / n;
                expectedRe += signal[j] * Math.cos(angle);
                expectedIm -= signal[j] * Math.sin(angle);
            }
            assertThat(Math.hypot(re[k] - expectedRe, im[k] - expectedIm)).isLessThan(norm * fft.rounding() + 1e-15);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 12, 17})
    void inverse_ofTheTransform_isTheSignal(int log) {
        RealFft fft = new RealFft(log);
        int n = fft.size();
        double[] signal = signal(n);
        double[] re = new double[n / 2 + 1];
        double[] im = new double[n / 2 + 1];
        fft.forward(signal, re, im);
        double[] back = fft.inverse(re, im);
        double norm = Arrays.stream(signal).sum();
        for (int i = 0; i < n; i++) {
            assertThat(Math.abs(back[i] - signal[i])).isLessThan(2 * norm * fft.rounding());
        }
    }

    @Test
    void forward_longSignalWithKnownTransform_keepsItsRoundingBound() {
        RealFft fft = new RealFft(18);
        int n = fft.size();
        double[] signal = new double[n];
        double ratio = 1 - 1.0 / 1024;
        double mass = 1 - ratio;
        for (int i = 0; i < n; i++) {
            signal[i] = mass;
            mass *= ratio;
        }
        double[] re = new double[n / 2 + 1];
        double[] im = new double[n / 2 + 1];
        fft.forward(signal, re, im);
        // A geometric series: (1 - r) / (1 - r e^{-i w}); 1 - r is 2^-10, and r^n is nothing.
        for (int k = 0; k <= n / 2; k++) {
            double angle = 2 * Math.PI * k / n;
            double half = Math.sin(angle / 2);
            double denominatorRe = (1 - ratio) + 2 * ratio * half * half;
            double denominatorIm = ratio * Math.sin(angle);
            double square = denominatorRe * denominatorRe + denominatorIm * denominatorIm;
            double expectedRe = (1 - ratio) * denominatorRe / square;
            double expectedIm = -(1 - ratio) * denominatorIm / square;
            // The signal itself, by repeated multiplication, is off by a few thousand roundings at most where it
            // matters.
            assertThat(Math.hypot(re[k] - expectedRe, im[k] - expectedIm)).isLessThan(fft.rounding() + 1e-13);
        }
    }
}
