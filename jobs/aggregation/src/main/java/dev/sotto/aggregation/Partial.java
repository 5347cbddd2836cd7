package dev.sotto.aggregation;

import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * A part of the masked sum of one chunk and group: what one combiner has added since it last handed on. Parts of one sum
 * have no site in common.
 *
 * @param task the task
 * @param round the round's number
 * @param chunk the chunk's index
 * @param group the group whose sum it is a part of
 * @param sites whose chunks are in it
 * @param entries the sum, packed as chunks are on the wire
 */
public record Partial(String task, int round, int chunk, int group, List<String> sites, byte[] entries) {
    /** The type as Flink serializes it: by fields. */
    public static final TypeInformation<Partial> TYPE = Types.POJO(Partial.class);

    /** The key of the accumulator: one a task and chunk index. */
    public String key() {
        return task + "/" + chunk;
    }

    @Override
    public String toString() {
        return "%d sites' chunk %d of group %d for %s/%d".formatted(sites.size(), chunk, group, task, round);
    }
}
