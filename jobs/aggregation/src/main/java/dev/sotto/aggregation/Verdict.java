package dev.sotto.aggregation;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * What the gate tells every combiner about a round. One subtask of the gate decides a round, so its verdicts come in the
 * order of {@link Step}.
 *
 * @param step which verdict
 * @param round the round's number
 * @param upload with {@link Step#ACCEPTED} the upload; otherwise empty
 * @param group with {@link Step#ACCEPTED} the group it is summed in; otherwise 0
 * @param patience with {@link Step#CLOSED} the event time until which chunks of survivors are awaited; otherwise 0
 */
public record Verdict(Step step, int round, UploadRoot upload, int group, long patience) {
    /** The type as Flink serializes it: by fields. */
    public static final TypeInformation<Verdict> TYPE = Types.POJO(Verdict.class);

    private static final UploadRoot NOBODY = new UploadRoot("", new byte[0]);

    /** The verdicts, in the order in which they can follow each other; ABORTED can follow any. */
    public enum Step {
        /** Chunks that lead to this root count. */
        ACCEPTED,
        /** Nobody is accepted any more. */
        CLOSED,
        /** The round ends without a sum; one with a sum ends here when its patience does. */
        ABORTED
    }

    static Verdict accepted(RoundTerms terms, UploadRoot upload) {
        return new Verdict(Step.ACCEPTED, terms.round(), upload, terms.groupOf(upload.site()), 0);
    }

    static Verdict closed(RoundTerms terms, long patience) {
        return new Verdict(Step.CLOSED, terms.round(), NOBODY, 0, patience);
    }

    static Verdict aborted(RoundTerms terms) {
        return new Verdict(Step.ABORTED, terms.round(), NOBODY, 0, 0);
    }

    @Override
    public String toString() {
        return step + " in round " + round + (step == Step.ACCEPTED ? ": " + upload.site() : "");
    }
}
