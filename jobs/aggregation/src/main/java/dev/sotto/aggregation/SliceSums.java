package dev.sotto.aggregation;

import dev.sotto.federation.ChunkLayout;
import dev.sotto.secagg.Ring;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;

/** The masked sums of one accumulator's chunk: keyed state, one a round and group. */
final class SliceSums {
    private static final int MOST_GROUPS = 64;

    private final Ring ring;
    private final ChunkLayout layout;
    private final MapState<Long, int[]> sums;

    SliceSums(RuntimeContext context, Ring ring, ChunkLayout layout) {
        this.ring = ring;
        this.layout = layout;
        this.sums = context.getMapState(
                new MapStateDescriptor<>("sums", Types.LONG, PrimitiveArrayTypeInfo.INT_PRIMITIVE_ARRAY_TYPE_INFO));
    }

    void add(Partial partial) throws Exception {
        long place = place(partial.round(), partial.group());
        int[] sum = sums.get(place);
        if (sum == null) {
            sum = new int[layout.entriesOf(partial.chunk())];
        }
        ring.add(partial.entries(), 0, sum, 0, sum.length);
        sums.put(place, sum);
    }

    /** Copies of a round's sums, by group; a group that nobody is in has a sum of zeros. */
    List<int[]> copies(int round, int groups, int chunk) throws Exception {
        List<int[]> copies = new ArrayList<>(groups);
        for (int group = 0; group < groups; group++) {
            int[] sum = sums.get(place(round, group));
            copies.add(sum == null ? new int[layout.entriesOf(chunk)] : sum.clone());
        }
        return copies;
    }

    void drop(int round) throws Exception {
        for (int group = 0; group < MOST_GROUPS; group++) {
            sums.remove(place(round, group));
        }
    }

    private static long place(int round, int group) {
        return (long) round * MOST_GROUPS + group;
    }
}
