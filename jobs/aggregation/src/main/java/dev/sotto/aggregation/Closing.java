package dev.sotto.aggregation;

import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * A window that the gate has closed, on its way to who announces it.
 *
 * @param terms the round's terms
 * @param accepted the uploads that count, sorted by site
 * @param slices how many slices of the sum must be heard of first; 0: none, since there is no sum
 * @param forgetAt event time at which slices not heard of are given up
 */
public record Closing(RoundTerms terms, List<AcceptedUpload> accepted, int slices, long forgetAt) {
    /** The type as Flink serializes it: by fields. */
    public static final TypeInformation<Closing> TYPE = Types.POJO(Closing.class);

    /** The round, {@code task/number}. */
    public String round() {
        return terms.id().toString();
    }
}
