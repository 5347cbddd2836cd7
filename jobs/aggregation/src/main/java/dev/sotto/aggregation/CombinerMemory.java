package dev.sotto.aggregation;

import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * What a combiner remembers beside waiting chunks, as it stands in a checkpoint. Every combiner is restored with the memory of
 * all, since with another parallelism it reads other partitions.
 *
 * @param positions where to go on reading, by partition
 * @param lastEnded the highest number of a round that is over; 0 before
 * @param closed the rounds whose window is closed and which are not over, and until when their chunks are awaited
 * @param uploads what was seen of every upload of a round that is not over
 */
public record CombinerMemory(
        Map<Integer, Long> positions, int lastEnded, Map<Integer, Long> closed, List<SeenUpload> uploads) {
    /** The type as Flink serializes it: by fields. */
    public static final TypeInformation<CombinerMemory> TYPE = Types.POJO(CombinerMemory.class);
}
