package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.NoiseKey;
import dev.sotto.privacy.Skellam;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseComponentsTest {
    @Property(tries = 200)
    void remaining_anyDropouts_isTheChargedVarianceOfTheHonest(
            @ForAll @IntRange(min = 3, max = 200) int sampled,
            @ForAll @IntRange(max = 99) int toleratedPercent,
            @ForAll @IntRange(max = 30) int colludingPercent) {
        int colluders = sampled * colludingPercent / 100;
        int tolerated = Math.min(sampled * toleratedPercent / 100, sampled - colluders - 1);
        NoiseComponents noise = new NoiseComponents(sampled, tolerated, colluders, 1000);
        for (int dropouts = 0; dropouts <= tolerated; dropouts++) {
            double perSite = 0;
            for (int k = 0; k <= dropouts; k++) {
                perSite += noise.variance(k);
            }
            double sum = perSite * (sampled - dropouts);
            assertThat(sum).isCloseTo(noise.remaining(dropouts), within(sum * 1e-12));
            assertThat(perSite * (sampled - dropouts - colluders)).isGreaterThanOrEqualTo(1e6 * (1 - 1e-12));
            assertThat(noise.removed(dropouts).count()).isEqualTo(tolerated - dropouts);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void components_dropoutsThenRemoval_leaveTheChargedVariance(int dropouts) {
        NoiseComponents noise = new NoiseComponents(8, 3, 0, 60);
        int entries = 8000;
        List<Skellam> components = new ArrayList<>();
        for (int k = 0; k < noise.components(); k++) {
            components.add(noise.component(k));
        }
        int[] sum = new int[entries];
        for (int site = 0; site < 8 - dropouts; site++) {
            List<int[]> parts = new ArrayList<>();
            for (Skellam component : components) {
                int[] part = new int[entries];
                try (NoiseKey key = NoiseKey.fresh(new SecureRandom())) {
                    component.addTo(part, key.words());
                }
                parts.add(part);
                add(sum, part, 1);
            }
            noise.removed(dropouts).forEach(k -> add(sum, parts.get(k), -1));
        }
        double square = 0;
        for (int y : sum) {
            square += (double) y * y / entries;
        }
        assertThat(square / 3600).isCloseTo(1, within(5 * Math.sqrt(2.0 / entries)));
    }

    @Test
    void removed_moreDropoutsThanTolerated_isRefused() {
        NoiseComponents noise = new NoiseComponents(8, 3, 1, 60);
        assertThatThrownBy(() -> noise.removed(4))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("dropouts is 4")
                .hasMessageContaining("abort");
        assertThatThrownBy(() -> noise.variance(4)).hasMessageContaining("component is 4");
        assertThatThrownBy(() -> new NoiseComponents(4, 2, 2, 60)).hasMessageContaining("below the 4 sites");
        assertThatThrownBy(() -> new NoiseComponents(4, 2, 1, 1 << 20)).hasMessageContaining("1048576");
    }

    private static void add(int[] sum, int[] part, int sign) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += sign * part[i];
        }
    }
}
