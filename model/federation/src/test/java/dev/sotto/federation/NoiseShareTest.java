package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.DiscreteGaussianTable;
import dev.sotto.privacy.NoiseKey;
import dev.sotto.privacy.ZCdp;
import java.security.SecureRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoiseShareTest {
    @Property(tries = 500)
    void share_anySurvivorsThatMayBeReleased_carryTheChargedVarianceWithoutColluders(
            @ForAll @IntRange(min = 6, max = 1000) int sites,
            @ForAll @DoubleRange(max = 0.5) double dropout,
            @ForAll @DoubleRange(max = 0.33) double colluding,
            @ForAll @DoubleRange(min = 100, max = 1e6) double sigma) {
        NoiseShare share = NoiseShare.of(sites, new ProtocolSettings(colluding, dropout, 3, 4), sigma);
        assertThat(share.dropouts()).isLessThanOrEqualTo((int) (dropout * sites + 1e-6));
        assertThat((double) share.colluders()).isGreaterThanOrEqualTo(colluding * sites - 1e-6);
        double sampled = share.distribution().sigma();
        for (int survivors = share.leastSurvivors(); survivors <= sites; survivors++) {
            double honest = (survivors - share.colluders()) * sampled * sampled;
            assertThat(honest).isGreaterThanOrEqualTo(sigma * sigma * (1 - 1e-12));
        }
    }

    /** Fails when noise is omitted or halved. */
    @Test
    void distribution_fewestSurvivors_sumToTheChargedVariance() {
        NoiseShare share = new NoiseShare(12, 3, 2, 500);
        DiscreteGaussianTable noise = DiscreteGaussianTable.of(share.distribution());
        int entries = 20_000;
        int[] sum = new int[entries];
        for (int site = 0; site < share.leastSurvivors() - share.colluders(); site++) {
            try (NoiseKey key = NoiseKey.fresh(new SecureRandom())) {
                noise.addTo(sum, key.words());
            }
        }
        double square = 0;
        for (int y : sum) {
            square += (double) y * y / entries;
        }
        assertThat(square / (500 * 500)).isCloseTo(1, within(5 * Math.sqrt(2.0 / entries) + 2e-3));
    }

    @ParameterizedTest
    @CsvSource({"1000, 300, 5000", "65536, 4000, 300000", "40, 10, 100"})
    void rho_anySigma_isThatOfTheSummedVarianceAndBarelyMore(double sigma, double delta2, int dimension) {
        double central = ZCdp.ofDiscreteGaussian(delta2, sigma).rho();
        assertThat(NoiseShare.rho(sigma, delta2, dimension)).isBetween(central * (1 - 1e-12), central * (1 + 1e-6));
        NoiseShare share = new NoiseShare(50, 10, 5, sigma);
        assertThat(share.mechanism(delta2, dimension).rho().orElseThrow())
                .isLessThanOrEqualTo(NoiseShare.rho(sigma, delta2, dimension) * (1 + 1e-12));
    }

    @Test
    void share_tooLittleForASite_isRefusedWithTheRemedy() {
        assertThatThrownBy(() -> new NoiseShare(100, 0, 0, 19))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("1.9")
                .hasMessageContaining("at least 2.0")
                .hasMessageContaining("encoding.scale");
        assertThatThrownBy(() -> NoiseShare.rho(1.5, 1, 10)).hasMessageContaining("1.5");
    }

    @Test
    void share_nobodyLeft_isRefusedWithTheRemedy() {
        assertThatThrownBy(() -> NoiseShare.of(4, new ProtocolSettings(0.33, 0.5, 3, 4), 1000))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("dropouts and colluders together is 4")
                .hasMessageContaining("protocol.dropout");
    }
}
