package dev.sotto.aggregation;

import dev.sotto.connect.flink.RawRecord;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * A masked chunk whose proof leads to a root; whether that root is its site's is for the gate to say. The entries stay
 * inside the record's value.
 *
 * @param task the task
 * @param round the round's number
 * @param site the site it says it is from
 * @param chunk the chunk's index
 * @param root the root its proof leads to
 * @param from where in the value the entries begin
 * @param source the record as it was read
 */
public record VerifiedChunk(String task, int round, String site, int chunk, byte[] root, int from, RawRecord source) {
    /** The type as Flink serializes it: by fields. */
    public static final TypeInformation<VerifiedChunk> TYPE = Types.POJO(VerifiedChunk.class);

    /** The key of the accumulator: one a task and chunk index. */
    public String key() {
        return task + "/" + chunk;
    }

    @Override
    public String toString() {
        return "chunk " + chunk + " of " + site + " for " + task + "/" + round;
    }
}
