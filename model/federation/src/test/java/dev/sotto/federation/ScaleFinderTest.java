package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScaleFinderTest {
    @Property(tries = 200)
    void scale_anyParameters_fillHalfTheRingWithFourDeviations(
            @ForAll @IntRange(min = 3, max = 1000) int sites,
            @ForAll @DoubleRange(min = 0.1, max = 10) double clip,
            @ForAll @DoubleRange(min = 0.1, max = 3) double noise) {
        int dimension = 4096;
        ScaleFinder finder = new ScaleFinder(sites, clip, noise * clip / Math.sqrt(sites), dimension, 10 * dimension);
        double scale = finder.scale(24);
        double spread = clip * clip * sites * sites / dimension + finder.localSigma() * finder.localSigma() * sites;
        double deviation = Math.sqrt(scale * scale * spread + sites / 4.0);
        assertThat(ScaleFinder.DEVIATIONS * deviation).isCloseTo(0x1p23, within(0x1p23 * 1e-9));
    }

    @Test
    void narrowest_moreSites_needAWiderRing() {
        int[] widths = new int[3];
        int[] sites = {3, 60, 2000};
        for (int i = 0; i < widths.length; i++) {
            ScaleFinder finder = new ScaleFinder(sites[i], 1, 1 / Math.sqrt(sites[i]), 8192, 8192);
            ScaleFinder.Fit fit = finder.narrowest();
            widths[i] = fit.ringBits();
            assertThat(fit.scale()).isGreaterThanOrEqualTo(5 * Math.sqrt(8192)).isEqualTo(finder.scale(fit.ringBits()));
        }
        assertThat(widths).isSorted().startsWith(16);
        assertThat(widths[2]).isGreaterThan(16);
    }

    @Test
    void scale_ringTooNarrow_isRefusedWithNumbersAndRemedy() {
        ScaleFinder finder = new ScaleFinder(1000, 4, 0.5, 65536, 1 << 20);
        assertThatThrownBy(() -> finder.scale(16))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("16 bits")
                .hasMessageContaining("1000 sites")
                .hasMessageContaining("at least 1280")
                .hasMessageContaining("encoding.ringBits");
        assertThatThrownBy(() -> new ScaleFinder(10_000, 1, 1, 1, 1).scale(6)).hasMessageContaining("up to scale 0");
    }

    @Test
    void coarsest_littleNoise_leavesEachSiteTwoPoints() {
        assertThat(new ScaleFinder(10, 1, 1e-5, 64, 64).coarsest()).isCloseTo(2e5, within(1e-3));
        assertThat(new ScaleFinder(10, 2, 1, 64, 6400).coarsest()).isCloseTo(200, within(1e-9));
    }
}
