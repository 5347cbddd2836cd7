package dev.sotto.aggregation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.jspecify.annotations.Nullable;

/** The chunks of one accumulator that wait for their upload to be accepted: keyed state, bounded for every site. */
final class ParkedChunks {
    private final MapState<String, VerifiedChunk> chunks;
    private final Counter parked;

    ParkedChunks(RuntimeContext context) {
        chunks = context.getMapState(new MapStateDescriptor<>("parked", Types.STRING, VerifiedChunk.TYPE));
        parked = context.getMetricGroup().addGroup("sotto").counter("chunksParked");
    }

    /**
     * Parks a chunk; one that is there already stays.
     *
     * @return false if the site has {@link WindowState#ROOTS_A_SITE} other ones in this round
     */
    boolean park(VerifiedChunk chunk) throws Exception {
        String key = key(chunk.round(), chunk.site(), chunk.root());
        if (chunks.contains(key)) {
            return true;
        }
        if (of(other -> other.round() == chunk.round() && other.site().equals(chunk.site()))
                        .size()
                >= WindowState.ROOTS_A_SITE) {
            return false;
        }
        chunks.put(key, chunk);
        parked.inc();
        return true;
    }

    /** Takes out the chunk of an upload. */
    @Nullable
    VerifiedChunk take(int round, UploadRoot upload) throws Exception {
        String key = key(round, upload.site(), upload.root());
        VerifiedChunk chunk = chunks.get(key);
        if (chunk != null) {
            chunks.remove(key);
        }
        return chunk;
    }

    /** Takes out those that match, in an order that does not depend on the state's. */
    List<VerifiedChunk> takeAll(Predicate<VerifiedChunk> which) throws Exception {
        List<VerifiedChunk> taken = of(which);
        for (VerifiedChunk chunk : taken) {
            chunks.remove(key(chunk.round(), chunk.site(), chunk.root()));
        }
        taken.sort((a, b) -> a.site().equals(b.site())
                ? Arrays.compare(a.root(), b.root())
                : a.site().compareTo(b.site()));
        return taken;
    }

    private List<VerifiedChunk> of(Predicate<VerifiedChunk> which) throws Exception {
        List<VerifiedChunk> found = new ArrayList<>();
        for (VerifiedChunk chunk : chunks.values()) {
            if (which.test(chunk)) {
                found.add(chunk);
            }
        }
        return found;
    }

    private static String key(int round, String site, byte[] root) {
        return round + "/" + site + "/" + HexFormat.of().formatHex(root);
    }
}
