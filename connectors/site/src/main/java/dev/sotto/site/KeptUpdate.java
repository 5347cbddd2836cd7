package dev.sotto.site;

import dev.sotto.federation.RoundMetrics;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An update as it was trained, before it is clipped, encoded and masked. It prints nothing of itself.
 *
 * @param round the round it was trained in
 * @param delta the new parameters minus those of the model it was trained from; the owner erases it
 * @param metrics of the training
 */
record KeptUpdate(int round, float[] delta, RoundMetrics metrics) {
    static KeptUpdate read(byte[] stored) {
        try {
            ByteBuffer in = ByteBuffer.wrap(stored);
            int round = in.getInt();
            RoundMetrics metrics = new RoundMetrics(in.getDouble(), in.getDouble(), in.getDouble(), in.getDouble());
            List<Double> tally = new ArrayList<>();
            for (int left = in.getInt(); left > 0; left--) {
                tally.add(in.getDouble());
            }
            float[] delta = new float[in.remaining() / Float.BYTES];
            in.asFloatBuffer().get(delta);
            return new KeptUpdate(round, delta, metrics.withTally(tally));
        } catch (BufferUnderflowException e) {
            throw new JournalException("the kept update cannot be read; restore the state directory", e);
        }
    }

    /** The stored form; the caller erases it. */
    byte[] bytes() {
        List<Double> tally = metrics.tally();
        ByteBuffer out =
                ByteBuffer.allocate(2 * Integer.BYTES + (4 + tally.size()) * Double.BYTES + delta.length * Float.BYTES);
        out.putInt(round).putDouble(metrics.examples()).putDouble(metrics.lossSum());
        out.putDouble(metrics.evaluated()).putDouble(metrics.correct());
        out.putInt(tally.size());
        tally.forEach(out::putDouble);
        out.asFloatBuffer().put(delta);
        return out.array();
    }

    /**
     * The update as it counts in a round: discounted by 1/sqrt(1 + rounds late), as FedBuff does (Nguyen et al. 2022,
     * "Federated Learning with Buffered Asynchronous Aggregation", section 5). A late one is clipped before, since a
     * longer one would be clipped afterwards to the length of one in time.
     *
     * @param now the round it is sent in
     * @param bound the longest update that is encoded as it is
     * @return a new array, which the caller erases
     */
    float[] discounted(int now, double bound) {
        float[] discounted = delta.clone();
        if (now > round) {
            double square = 0;
            for (float entry : discounted) {
                square += (double) entry * entry;
            }
            double factor = Math.min(1, bound / Math.sqrt(square)) / Math.sqrt(1.0 + now - round);
            for (int i = 0; i < discounted.length; i++) {
                discounted[i] = (float) (discounted[i] * factor);
            }
        }
        return discounted;
    }

    /** Erases the update from memory. */
    void destroy() {
        Arrays.fill(delta, 0);
    }

    @Override
    public String toString() {
        return "update of round " + round;
    }
}
