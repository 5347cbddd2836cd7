package dev.sotto.aggregation;

import dev.sotto.federation.ModelManifest;
import dev.sotto.federation.Moments;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What an accumulator keeps from round to round. The moments are those of one model: a round may be run again from the same
 * parent after its slice was released here, so both the parent's and the child's are kept, and whoever asks says of which
 * model by more than its version.
 *
 * @param lastEnded the highest number of a round that has ended; 0 before
 * @param round the round of the newest release; 0 before
 * @param parent the hash of the model it started from; empty before
 * @param before the parent's moments
 * @param after the moments of the model that the release is a slice of
 */
public record SliceState(int lastEnded, int round, byte[] parent, Moments before, Moments after) {
    static final SliceState START = new SliceState(0, 0, new byte[0], Moments.none(), Moments.none());

    SliceState ended(int number) {
        return new SliceState(Math.max(lastEnded, number), round, parent, before, after);
    }

    SliceState released(RoundTerms terms, Moments from, Moments to) {
        return new SliceState(lastEnded, terms.round(), terms.modelSha256(), from, to);
    }

    /** The moments of a model; {@link Moments#none()} if this is neither the newest release nor its parent. */
    Moments of(byte[] sha256, ModelManifest model) {
        if (Arrays.equals(parent, sha256)) {
            return before;
        }
        boolean newest =
                model.round() == round && HexFormat.of().formatHex(parent).equals(model.parent());
        return newest ? after : Moments.none();
    }
}
