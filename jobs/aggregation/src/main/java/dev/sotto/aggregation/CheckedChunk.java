package dev.sotto.aggregation;

import dev.sotto.connect.flink.RawRecord;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * A checked chunk that waits. The entries stay inside the record's value.
 *
 * @param round the round's number
 * @param site the site it says it is from, one of the trust file
 * @param chunk the chunk's index
 * @param root the root its proof leads to
 * @param from where in the value the entries begin
 * @param source the record as it was read
 */
public record CheckedChunk(int round, String site, int chunk, byte[] root, int from, RawRecord source) {
    /** The type as Flink serializes it: by fields. */
    public static final TypeInformation<CheckedChunk> TYPE = Types.POJO(CheckedChunk.class);

    @Override
    public String toString() {
        return "chunk " + chunk + " of " + site + " for round " + round;
    }
}
