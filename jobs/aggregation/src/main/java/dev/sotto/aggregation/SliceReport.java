package dev.sotto.aggregation;

import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * What the accumulator of one chunk says, once, after its window was closed.
 *
 * @param round the round, {@code task/number}
 * @param chunk the chunk's index
 * @param missing survivors whose chunk did not come; empty if the sum is whole
 * @param forgetAt event time at which the report is of no use any more
 */
public record SliceReport(String round, int chunk, List<String> missing, long forgetAt) {
    /** The type as Flink serializes it: by fields. */
    public static final TypeInformation<SliceReport> TYPE = Types.POJO(SliceReport.class);
}
