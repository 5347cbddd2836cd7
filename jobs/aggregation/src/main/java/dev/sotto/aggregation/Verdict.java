package dev.sotto.aggregation;

import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.jspecify.annotations.Nullable;

/**
 * A decision of the gate, addressed to one accumulator. One subtask of the gate decides a round, so an accumulator gets
 * a round's decisions in the order of {@link Step}.
 *
 * @param step which decision
 * @param task the task
 * @param chunk the accumulator's chunk
 * @param round the round's number
 * @param terms the round's terms; null but with {@link Step#OPEN}
 * @param uploads with {@link Step#ACCEPTED} the one accepted; with {@link Step#CLOSED} every upload with a valid manifest
 * @param survivors with {@link Step#CLOSED} the sites in the sum, sorted
 * @param seeds with {@link Step#UNMASK} the Avro binary of the seeds; empty otherwise
 */
public record Verdict(
        Step step,
        String task,
        int chunk,
        int round,
        @Nullable RoundTerms terms,
        List<UploadRoot> uploads,
        List<String> survivors,
        byte[] seeds) {
    /** The type as Flink serializes it: by fields. */
    public static final TypeInformation<Verdict> TYPE = Types.POJO(Verdict.class);

    private static final byte[] NOTHING = {};

    /** The decisions, in the order in which they can follow each other; ABORTED can follow any. */
    public enum Step {
        /** The window is open under these terms. */
        OPEN,
        /** A site's upload is whole. */
        ACCEPTED,
        /** The window is closed; these are the survivors. */
        CLOSED,
        /** The masks can be taken off. */
        UNMASK,
        /** The round ends without a sum. */
        ABORTED
    }

    static Verdict open(RoundTerms terms, int chunk) {
        return new Verdict(Step.OPEN, terms.task(), chunk, terms.round(), terms, List.of(), List.of(), NOTHING);
    }

    static Verdict accepted(RoundTerms terms, int chunk, UploadRoot upload) {
        return new Verdict(
                Step.ACCEPTED, terms.task(), chunk, terms.round(), null, List.of(upload), List.of(), NOTHING);
    }

    static Verdict closed(RoundTerms terms, int chunk, List<UploadRoot> uploads, List<String> survivors) {
        return new Verdict(Step.CLOSED, terms.task(), chunk, terms.round(), null, uploads, survivors, NOTHING);
    }

    static Verdict unmask(RoundTerms terms, int chunk, byte[] seeds) {
        return new Verdict(Step.UNMASK, terms.task(), chunk, terms.round(), null, List.of(), List.of(), seeds);
    }

    static Verdict aborted(RoundTerms terms, int chunk) {
        return new Verdict(Step.ABORTED, terms.task(), chunk, terms.round(), null, List.of(), List.of(), NOTHING);
    }

    /** The key of the accumulator it is for. */
    public String key() {
        return task + "/" + chunk;
    }

    @Override
    public String toString() {
        return step + " of " + task + "/" + round + " to chunk " + chunk;
    }
}
