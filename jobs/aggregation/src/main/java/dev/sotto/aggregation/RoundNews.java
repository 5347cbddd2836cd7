package dev.sotto.aggregation;

import dev.sotto.connect.flink.RawRecord;
import dev.sotto.contracts.avro.Kind;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * What coordination said about a round, its signature verified.
 *
 * @param round the round, {@code task/number}
 * @param kind which record it is
 * @param sequence the transcript position reached by it; 0 outside the transcript
 * @param head the record's hash; empty outside the transcript
 * @param payload the Avro binary of the kind's record
 * @param source the record as it was read
 */
public record RoundNews(String round, Kind kind, long sequence, byte[] head, byte[] payload, RawRecord source) {
    /** The type as Flink serializes it: by fields. */
    public static final TypeInformation<RoundNews> TYPE = Types.POJO(RoundNews.class);

    @Override
    public String toString() {
        return kind + " of " + round;
    }
}
