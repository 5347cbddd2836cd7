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

/**
 * The masked sums of one accumulator's chunk: keyed state, one a round and group. A sum is kept packed, as chunks are on the
 * wire: bytes go into a checkpoint in one piece, numbers one by one, which costs more than adding them.
 */
final class SliceSums {
    private static final int MOST_GROUPS = 64;

    private final Ring ring;
    private final ChunkLayout layout;
    private final MapState<Long, byte[]> sums;

    SliceSums(RuntimeContext context, Ring ring, ChunkLayout layout) {
        this.ring = ring;
        this.layout = layout;
        this.sums = context.getMapState(
                new MapStateDescriptor<>("sums", Types.LONG, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    }

    void add(Partial partial) throws Exception {
        long place = place(partial.round(), partial.group());
        byte[] packed = sums.get(place);
        if (packed == null) {
            sums.put(place, partial.entries());
            return;
        }
        int[] sum = new int[layout.entriesOf(partial.chunk())];
        ring.add(packed, 0, sum, 0, sum.length);
        ring.add(partial.entries(), 0, sum, 0, sum.length);
        // A snapshot under way may still be writing the array that is in state.
        byte[] next = new byte[packed.length];
        ring.pack(sum, 0, sum.length, next, 0);
        sums.put(place, next);
    }

    /** A round's sums, in the ring, by group; a group that nobody is in has a sum of zeros. */
    List<int[]> copies(int round, int groups, int chunk) throws Exception {
        List<int[]> copies = new ArrayList<>(groups);
        for (int group = 0; group < groups; group++) {
            int[] sum = new int[layout.entriesOf(chunk)];
            byte[] packed = sums.get(place(round, group));
            if (packed != null) {
                ring.add(packed, 0, sum, 0, sum.length);
            }
            copies.add(sum);
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
