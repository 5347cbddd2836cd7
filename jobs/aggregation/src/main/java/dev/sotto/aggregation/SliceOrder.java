package dev.sotto.aggregation;

import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * What the gate tells the accumulator of one chunk about a round.
 *
 * @param step which order
 * @param chunk the accumulator's chunk
 * @param terms the round's terms
 * @param survivors with {@link Step#CLOSED} the sites in the sum, sorted; otherwise empty
 * @param patience with {@link Step#CLOSED} the event time until which chunks of survivors are awaited; otherwise 0
 * @param seeds with {@link Step#UNMASK} the Avro binary of the seeds; otherwise empty
 */
public record SliceOrder(Step step, int chunk, RoundTerms terms, List<String> survivors, long patience, byte[] seeds) {
    /** The type as Flink serializes it: by fields. */
    public static final TypeInformation<SliceOrder> TYPE = Types.POJO(SliceOrder.class);

    private static final byte[] NOTHING = {};

    /** The orders, in the order in which they can follow each other; ABORTED can follow any. */
    public enum Step {
        /** The window is closed; these are the survivors. */
        CLOSED,
        /** The masks can be taken off. */
        UNMASK,
        /** Nothing more will come of the round. */
        ABORTED
    }

    static SliceOrder closed(RoundTerms terms, int chunk, List<String> survivors, long patience) {
        return new SliceOrder(Step.CLOSED, chunk, terms, survivors, patience, NOTHING);
    }

    static SliceOrder unmask(RoundTerms terms, int chunk, byte[] seeds) {
        return new SliceOrder(Step.UNMASK, chunk, terms, List.of(), 0, seeds);
    }

    static SliceOrder aborted(RoundTerms terms, int chunk) {
        return new SliceOrder(Step.ABORTED, chunk, terms, List.of(), 0, NOTHING);
    }

    /** The key of the accumulator it is for. */
    public String key() {
        return terms.task() + "/" + chunk;
    }

    @Override
    public String toString() {
        return step + " of " + terms.task() + "/" + terms.round() + " to chunk " + chunk;
    }
}
