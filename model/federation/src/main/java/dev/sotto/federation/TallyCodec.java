package dev.sotto.federation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a model's judgements at a site came to, class by class, as numbers behind the site's update: {@link HeadSpec#tallies} for every
 * head. They are masked, rotated, noised and charged with the update, as coordinates of it, for which it leaves room
 * ({@link EncodingSettings#room}). Counted in shares of the most judgements of a site, they are cut together to an L2 norm of one, which
 * is the tally's share of the clip norm. Immutable.
 */
public final class TallyCodec {
    private final int size;
    private final double judged;
    private final double norm;

    /**
     * @param heads whose judgements are told; none where the task does not tell them
     * @param judged the most judgements that a site counts with
     * @param norm lattice points that a site's tally may have as its L2 norm
     */
    TallyCodec(List<HeadSpec> heads, int judged, double norm) {
        this.size = heads.stream().mapToInt(HeadSpec::tallies).sum();
        this.judged = judged;
        this.norm = norm;
    }

    /** How many numbers there are; 0 where the task does not tell them. */
    public int size() {
        return size;
    }

    /** The standard deviation of a released count, in judgements, from that of a number in the sum. */
    public double noise(double sigma) {
        return sigma * judged / norm;
    }

    /**
     * Writes a site's tally, to be rounded.
     *
     * @param tally of {@link #size()}; or empty, which counts as zeros
     * @throws IllegalArgumentException if it has another length
     */
    void encode(List<Double> tally, double[] exact, int from) {
        if (!tally.isEmpty() && tally.size() != size) {
            throw new IllegalArgumentException("a tally has %d numbers, not %d".formatted(size, tally.size()));
        }
        double square = 0;
        for (double count : tally) {
            square += count * count;
        }
        double factor = norm / Math.max(judged, Math.sqrt(square));
        for (int i = 0; i < tally.size(); i++) {
            exact[from + i] = tally.get(i) * factor;
        }
    }

    /** Reads the part of a summed tally that lies there. Noise may make any of it negative. */
    List<Double> decode(double[] sum, int from, int to) {
        List<Double> tally = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            tally.add(sum[i] * judged / norm);
        }
        return Collections.unmodifiableList(tally);
    }
}
