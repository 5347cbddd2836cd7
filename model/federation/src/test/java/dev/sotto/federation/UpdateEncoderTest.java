package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.security.SecureRandom;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class UpdateEncoderTest {
    private static final ParameterLayout LAYOUT =
            ParameterLayout.of(new AdapterSpec(2, 4, List.of(0)), new BaseShape(2, 30), 3);
    private static final EncodingSettings SETTINGS = new EncodingSettings(32, 64, 2.0, 4096);

    private final UpdateEncoder encoder = new UpdateEncoder(SETTINGS, LAYOUT);
    private final SecureRandom random = new SecureRandom();

    @Property(tries = 200)
    void encode_anyUpdate_keepsTheNormBound(@ForAll long seed, @ForAll @DoubleRange(min = 0, max = 50) double size) {
        int[] encoded = encoder.encode(update(seed, size), random);
        double square = 0;
        for (int entry : encoded) {
            square += (double) entry * entry;
        }
        assertThat(Math.sqrt(square)).isLessThanOrEqualTo(SETTINGS.delta2(LAYOUT.size()) * (1 + 1e-12));
        for (int i = LAYOUT.size(); i < encoded.length; i++) {
            assertThat(encoded[i]).isZero();
        }
    }

    @Test
    void decode_sumOfUpdates_isTheirMeanWithinALatticeStep() {
        int sites = 5;
        int[] sum = new int[LAYOUT.paddedSize()];
        double[] mean = new double[LAYOUT.size()];
        for (int site = 0; site < sites; site++) {
            float[] update = update(site, 0.05);
            int[] encoded = encoder.encode(update, random);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += encoded[i];
            }
            for (int i = 0; i < mean.length; i++) {
                mean[i] += update[i] / (double) sites;
            }
        }
        float[] decoded = UpdateEncoder.decodeMean(SETTINGS, sum, sites);
        for (int i = 0; i < mean.length; i++) {
            assertThat((double) decoded[i]).isEqualTo(mean[i], within(1 / SETTINGS.scale()));
        }
    }

    @Test
    void encode_entryBetweenTwoPoints_isUnbiased() {
        float[] update = new float[LAYOUT.size()];
        update[0] = 0.25f / (float) SETTINGS.scale();
        int ups = 0;
        int tries = 4000;
        for (int i = 0; i < tries; i++) {
            ups += encoder.encode(update, random)[0];
        }
        // Five standard errors of a Bernoulli(1/4) mean.
        assertThat(ups / (double) tries).isEqualTo(0.25, within(5 * Math.sqrt(0.25 * 0.75 / tries)));
    }

    @Test
    void encode_entryThatIsNotFinite_isRefused() {
        float[] update = new float[LAYOUT.size()];
        update[3] = Float.NaN;
        assertThatThrownBy(() -> encoder.encode(update, random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not finite");
    }

    @Test
    void fedAvg_step_addsTheScaledMean() {
        assertThat(FedAvg.step(new float[] {1, 2}, new float[] {4, -4}, 0.5)).containsExactly(3, 0);
    }

    private static float[] update(long seed, double size) {
        SplittableRandom source = new SplittableRandom(seed);
        float[] update = new float[LAYOUT.size()];
        for (int i = 0; i < update.length; i++) {
            update[i] = (float) ((source.nextDouble() - 0.5) * size);
        }
        return update;
    }
}
