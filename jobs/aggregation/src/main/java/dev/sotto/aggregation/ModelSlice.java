package dev.sotto.aggregation;

import dev.sotto.federation.RoundMetrics;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * A slice of the next model.
 *
 * @param terms the round's terms
 * @param chunk the slice's index
 * @param survivors the sites in the sum, sorted
 * @param sumHashes SHA-256 of the slice of each group's exact sum, little-endian, one after another by group
 * @param metrics the noised metrics of all survivors, with the part of their tally that lies in the slice
 * @param unclipped the noised share of the survivors whose update was within an adaptive clip; not a number where the clip norm
 *     stays or another slice tells
 * @param values the parameters
 */
public record ModelSlice(
        RoundTerms terms,
        int chunk,
        List<String> survivors,
        byte[] sumHashes,
        RoundMetrics metrics,
        double unclipped,
        float[] values) {
    /** The type as Flink serializes it: by fields. */
    public static final TypeInformation<ModelSlice> TYPE = Types.POJO(ModelSlice.class);

    /** The key of the committer: the round. */
    public String key() {
        return terms.task() + "/" + terms.round();
    }

    @Override
    public String toString() {
        return "slice " + chunk + " of the model of " + key();
    }
}
