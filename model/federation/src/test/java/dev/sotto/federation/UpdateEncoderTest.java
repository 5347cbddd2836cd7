package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.Digest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class UpdateEncoderTest {
    private static final TaskDefinition TASK = Tasks.task();
    private static final ChunkLayout CHUNKS = TASK.chunks();
    private static final int SIZE = CHUNKS.parameters();
    private static final double SCALE = TASK.encoding().scale();
    private static final RoundMetrics ALL = new RoundMetrics(TASK.training().examplesPerRound(), 100, 40, 30);

    private final UpdateEncoder encoder = new UpdateEncoder(TASK);
    private final SecureRandom random = new SecureRandom();

    @Property(tries = 50)
    void encode_anyUpdate_keepsTheNormBound(@ForAll long seed, @ForAll @DoubleRange(min = 0, max = 50) double size) {
        int[] encoded = encoder.encode(update(seed, size), ALL, random);
        double square = 0;
        double metrics = 0;
        for (int chunk = 0; chunk < CHUNKS.chunks(); chunk++) {
            int first = CHUNKS.firstEntry(chunk);
            int parameters = CHUNKS.parametersOf(chunk);
            for (int i = 0; i < CHUNKS.entriesOf(chunk); i++) {
                double entry = encoded[first + i];
                if (i >= RoundMetrics.ENTRIES + parameters) {
                    assertThat(entry).isZero();
                } else if (i >= RoundMetrics.ENTRIES) {
                    square += entry * entry;
                } else if (chunk == 0) {
                    metrics += entry * entry;
                }
            }
        }
        assertThat(Math.sqrt(square)).isLessThanOrEqualTo(TASK.encoding().delta2(SIZE) * (1 + 1e-12));
        assertThat(Math.sqrt(square + metrics)).isLessThanOrEqualTo(TASK.delta2() * (1 + 1e-12));
    }

    @Test
    void decode_sumOfUpdates_isTheirWeightedMeanWithinALatticeStep() {
        int sites = 5;
        int[] sum = new int[CHUNKS.entries()];
        double[] mean = new double[SIZE];
        double weights = 0;
        RoundMetrics summed = RoundMetrics.NONE;
        for (int site = 0; site < sites; site++) {
            float[] update = update(site, 0.005);
            RoundMetrics metrics = new RoundMetrics(ALL.examples() / (1 + site), 10 * site, 20, site);
            int[] encoded = encoder.encode(update, metrics, random);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += encoded[i];
            }
            double weight = 1.0 / (1 + site);
            weights += weight;
            summed = summed.plus(metrics);
            for (int i = 0; i < SIZE; i++) {
                mean[i] += weight * update[i];
            }
        }
        SumDecoder decoder = new SumDecoder(TASK);
        for (int chunk = 0; chunk < CHUNKS.chunks(); chunk++) {
            int first = CHUNKS.firstEntry(chunk);
            int[] slice = Arrays.copyOfRange(sum, first, first + CHUNKS.entriesOf(chunk));
            GroupMean decoded = decoder.decode(slice, CHUNKS.parametersOf(chunk), sites);
            assertThat(decoded.plausible()).isTrue();
            assertThat(decoded.weight()).isEqualTo(weights, within(1e-3));
            assertThat(decoded.metrics().examples()).isEqualTo(summed.examples(), within(0.5));
            assertThat(decoded.metrics().lossSum()).isEqualTo(summed.lossSum(), within(1.0));
            assertThat(decoded.metrics().accuracy()).isEqualTo(summed.accuracy(), within(0.01));
            for (int i = 0; i < decoded.mean().length; i++) {
                double exact = mean[CHUNKS.firstParameter(chunk) + i] / weights;
                assertThat((double) decoded.mean()[i]).isEqualTo(exact, within(sites / SCALE));
            }
        }
    }

    @Test
    void decode_sumLongerThanHonestSitesCanMake_isImplausible() {
        int[] slice = new int[CHUNKS.entriesOf(0)];
        slice[0] = 3 * TASK.metrics().unit();
        double longest = 3 * TASK.encoding().delta2(SIZE);
        slice[RoundMetrics.ENTRIES] = (int) (0.99 * longest);
        SumDecoder decoder = new SumDecoder(TASK);
        assertThat(decoder.decode(slice, CHUNKS.parametersOf(0), 3).plausible()).isTrue();
        slice[RoundMetrics.ENTRIES + 1] = (int) longest;
        assertThat(decoder.decode(slice, CHUNKS.parametersOf(0), 3).plausible()).isFalse();
    }

    @Test
    void decode_weightNearZero_isFloored() {
        int[] slice = new int[CHUNKS.entriesOf(0)];
        slice[0] = -TASK.metrics().unit();
        slice[RoundMetrics.ENTRIES] = 1000;
        GroupMean decoded = new SumDecoder(TASK).decode(slice, CHUNKS.parametersOf(0), 4);
        assertThat(decoded.weight()).isEqualTo(0.2, within(1e-9));
        assertThat((double) decoded.mean()[0]).isEqualTo(1000 / (SCALE * 0.2), within(1e-6));
    }

    @Test
    void encode_entryBetweenTwoPoints_isUnbiased() {
        float[] update = new float[SIZE];
        int copies = 4000;
        Arrays.fill(update, 0, copies, 0.25f / (float) SCALE);
        int[] encoded = encoder.encode(update, ALL, random);
        int ups = 0;
        for (int i = 0; i < copies; i++) {
            ups += encoded[RoundMetrics.ENTRIES + i];
        }
        // Five standard errors of a Bernoulli(1/4) mean.
        assertThat(ups / (double) copies).isEqualTo(0.25, within(5 * Math.sqrt(0.25 * 0.75 / copies)));
    }

    @Test
    void encode_entryThatIsNotFinite_isRefused() {
        float[] update = new float[SIZE];
        update[3] = Float.NaN;
        assertThatThrownBy(() -> encoder.encode(update, ALL, random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not finite");
    }

    /** Other builds of this suite, and transcripts that exist, depend on it. */
    @Test
    void encode_centralMode_isWhatItAlwaysWas() {
        SecureRandom coins = new SecureRandom() {
            private static final long serialVersionUID = 1L;
            private final transient SplittableRandom source = new SplittableRandom(7);

            @Override
            public void nextBytes(byte[] bytes) {
                source.nextBytes(bytes);
            }
        };
        int[] encoded = encoder.encode(update(3, 0.2), new RoundMetrics(120, 50, 40, 30), coins);
        assertThat(Digest.sha256(encoded))
                .hasToString("9831ee8832614f886bf0076e9367f3f36f1766af4f8ea023e2cb9ff7cb6f46dd");
        assertThat(HexFormat.of().formatHex(TASK.sha256()))
                .isEqualTo("8057e8b5f6e03f9767c6d52f942b2237d4c97f724ff5a8ec512e9a711865e92e");
    }

    private static float[] update(long seed, double size) {
        SplittableRandom source = new SplittableRandom(seed);
        float[] update = new float[SIZE];
        for (int i = 0; i < update.length; i++) {
            update[i] = (float) ((source.nextDouble() - 0.5) * size);
        }
        return update;
    }
}
