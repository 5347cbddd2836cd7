package dev.sotto.federation;

import dev.sotto.privacy.DiscreteGaussianTable;
import dev.sotto.privacy.NoiseKey;
import dev.sotto.privacy.RandomWords;
import dev.sotto.secagg.RoundId;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns a site's update and metrics into ring entries.
 *
 * <p>Encoding: clip to the L2 norm, multiply by the site's weight, scale, and round within the bound Delta2 ({@link ConditionalRounding}).
 * The metrics stand in front of every chunk, the tally and the bit of an adaptive clip behind the update, which comes divided by the round's
 * {@link EncodingSettings#enlargement}. Where sites add the noise every chunk is rotated before it is rounded ({@link RandomizedHadamard}),
 * and the site's share of the noise ({@link NoiseShare}) comes on top; that on the metrics is the same in every chunk, as they are,
 * so that they are released once. Thread-safe; the caller's generator is used.
 */
public final class UpdateEncoder {
    private final TaskDefinition task;
    private final double room;
    private final double scale;
    private final MetricsCodec codec;
    private final TallyCodec tally;
    private final ChunkLayout chunks;
    private final ConditionalRounding rounding;
    /** Of the last number of announced sites: its tables take time to make. */
    private volatile @Nullable RemovableNoise removable;

    /** An encoder for a task's updates. */
    public UpdateEncoder(TaskDefinition task) {
        this.task = task;
        this.room = task.encoding().room();
        this.scale = task.encoding().scale();
        this.codec = task.metrics();
        this.tally = task.tally();
        this.chunks = task.chunks();
        this.rounding = new ConditionalRounding(task.encoding().delta2(chunks.dimension()));
    }

    /**
     * Encodes an update, a float for every trained parameter, into {@link ChunkLayout#entries()} integers, for a task whose
     * noise is added to the sum.
     *
     * @param metrics the examples trained on are the site's weight: its update counts as that share of the most examples
     *     that the task allows
     * @throws IllegalArgumentException if the length is wrong or an entry is not finite
     * @throws ConfigurationException if sites add the task's noise: then it must be known for which round and among how many
     */
    public int[] encode(float[] update, RoundMetrics metrics, SecureRandom random) {
        Check.require(
                !task.privacy().distributed(),
                "privacy.mode",
                task.privacy().mode(),
                "'central' to encode without naming the round and the sites announced for the sum");
        return laidOut(rounding.round(scaled(update, metrics), random), encoded(metrics));
    }

    /**
     * Encodes an update for a round: as {@link #encode(float[], RoundMetrics, SecureRandom)} where the noise is added to the sum, and rotated and
     * with this site's noise where sites add it. Noise that could be taken off stays: nobody is told what it comes from.
     *
     * @param announced the sites announced for the sum that this update goes into, the site's own group
     * @throws IllegalArgumentException if the length is wrong or an entry is not finite
     * @throws ConfigurationException if the share of the noise among so many sites is too small
     */
    public int[] encode(float[] update, RoundMetrics metrics, RoundId round, int announced, SecureRandom random) {
        if (!task.privacy().distributed()) {
            return encode(update, metrics, random);
        }
        if (task.privacy().removal()) {
            try (NoiseLink untold = NoiseLink.first(round, random)) {
                return encode(update, metrics, untold, announced, random);
            }
        }
        DiscreteGaussianTable noise =
                DiscreteGaussianTable.of(task.noiseShare(announced).distribution());
        int[] points = rotated(update, metrics, round, random);
        int[] front = encoded(metrics);
        try (NoiseKey key = NoiseKey.fresh(random)) {
            RandomWords words = key.words();
            noise.addTo(front, words);
            noise.addTo(points, words);
        }
        return laidOut(points, front);
    }

    /**
     * Encodes an update for a round with this site's noise in parts that can be taken off again.
     *
     * @param first what the noise comes from, for this update alone; the owner erases it
     * @param announced the sites announced for the sum
     * @throws IllegalArgumentException if the length is wrong or an entry is not finite
     * @throws ConfigurationException if the task's noise is in one piece, or the link is of a later component and would leave some out
     */
    public int[] encode(float[] update, RoundMetrics metrics, NoiseLink first, int announced, SecureRandom random) {
        Check.require(
                task.privacy().removal(), "privacy.removal", task.privacy().removal(), "true to add noise in parts");
        Check.require(first.component() == 0, "the first component of a site's noise", first.component(), "0");
        RemovableNoise noise = removable(announced);
        int[] encoded = laidOut(rotated(update, metrics, first.round(), random), encoded(metrics));
        for (int chunk = 0; chunk < chunks.chunks(); chunk++) {
            int from = chunks.firstEntry(chunk);
            int[] part = Arrays.copyOfRange(encoded, from, from + chunks.entriesOf(chunk));
            noise.add(first, chunk, part);
            System.arraycopy(part, 0, encoded, from, part.length);
            Arrays.fill(part, 0);
        }
        return encoded;
    }

    private RemovableNoise removable(int announced) {
        RemovableNoise made = removable;
        if (made == null || made.components().sampled() != announced) {
            made = new RemovableNoise(task.noiseComponents(announced));
            removable = made;
        }
        return made;
    }

    private int[] rotated(float[] update, RoundMetrics metrics, RoundId round, SecureRandom random) {
        double[] exact = scaled(update, metrics);
        for (int chunk = 0; chunk < chunks.chunks(); chunk++) {
            RandomizedHadamard.of(round, chunk, chunks.dimensionOf(chunk)).rotate(exact, chunks.firstParameter(chunk));
        }
        int[] points = rounding.round(exact, random);
        Arrays.fill(exact, 0);
        return points;
    }

    private double[] scaled(float[] update, RoundMetrics metrics) {
        int parameters = task.layout().size();
        if (update.length != parameters) {
            throw new IllegalArgumentException("an update has %d entries, not %d".formatted(parameters, update.length));
        }
        double clip = clipFactor(update);
        double factor = scale * clip * codec.weight(metrics);
        double[] exact = new double[chunks.dimension()];
        for (int i = 0; i < update.length; i++) {
            exact[i] = update[i] * factor;
        }
        tally.encode(metrics.tally(), exact, parameters);
        AdaptiveClip adaptive = task.encoding().adaptive();
        if (adaptive != null) {
            exact[parameters + tally.size()] =
                    adaptive.bit(scale * task.encoding().clipNorm(), clip == 1);
        }
        return exact;
    }

    private int[] encoded(RoundMetrics metrics) {
        int[] front = new int[RoundMetrics.ENTRIES];
        codec.encode(metrics, front, 0);
        return front;
    }

    private int[] laidOut(int[] points, int[] front) {
        int[] encoded = new int[chunks.entries()];
        for (int chunk = 0; chunk < chunks.chunks(); chunk++) {
            int first = chunks.firstEntry(chunk);
            System.arraycopy(front, 0, encoded, first, front.length);
            System.arraycopy(
                    points,
                    chunks.firstParameter(chunk),
                    encoded,
                    first + RoundMetrics.ENTRIES,
                    chunks.dimensionOf(chunk));
        }
        Arrays.fill(points, 0);
        return encoded;
    }

    private double clipFactor(float[] update) {
        double square = 0;
        for (float entry : update) {
            square += (double) entry * entry;
        }
        if (!Double.isFinite(square)) {
            throw new IllegalArgumentException("an update has an entry that is not finite; lower the learning rate");
        }
        double norm = Math.sqrt(square);
        return norm <= room ? 1 : room / norm;
    }
}
