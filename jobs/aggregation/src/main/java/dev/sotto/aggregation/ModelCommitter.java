package dev.sotto.aggregation;

import dev.sotto.connect.flink.OutgoingRecord;
import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ModelStore;
import dev.sotto.federation.TaskDefinition;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Puts the slices of a round together, keyed by round: writes the checkpoint to the model store, then announces it. The
 * checkpoint may be written a second time after a failure, with the same bytes; the announcement is seen once.
 */
final class ModelCommitter extends KeyedProcessFunction<String, ModelSlice, OutgoingRecord> {
    private static final long serialVersionUID = 1L;

    private final Carried<TaskDefinition> task;
    private final Opener<ModelStore> store;
    private final Opener<EnvelopeSigner> signer;

    private transient @Nullable TaskDefinition definition;
    private transient @Nullable ModelStore models;
    private transient @Nullable RoundRecords records;
    private transient @Nullable MapState<Integer, ModelSlice> slices;
    private transient @Nullable Counter released;
    private transient volatile int newest;

    ModelCommitter(Carried<TaskDefinition> task, Opener<ModelStore> store, Opener<EnvelopeSigner> signer) {
        this.task = task;
        this.store = store;
        this.signer = signer;
    }

    @Override
    public void open(OpenContext context) throws IOException {
        definition = task.value();
        models = store.open();
        records = new RoundRecords(signer.open());
        slices = getRuntimeContext().getMapState(new MapStateDescriptor<>("slices", Types.INT, ModelSlice.TYPE));
        var group = getRuntimeContext().getMetricGroup().addGroup("sotto");
        released = group.counter("modelsReleased");
        group.gauge("modelVersion", (Gauge<Integer>) () -> newest);
    }

    @Override
    public void processElement(ModelSlice slice, Context context, Collector<OutgoingRecord> out) throws Exception {
        MapState<Integer, ModelSlice> state = Opened.of(slices);
        state.put(slice.chunk(), slice);
        List<ModelSlice> all = new ArrayList<>();
        for (int chunk = 0; chunk < slice.terms().chunks(); chunk++) {
            ModelSlice other = state.get(chunk);
            if (other == null) {
                return;
            }
            all.add(other);
        }
        out.collect(commit(all));
        state.clear();
    }

    private OutgoingRecord commit(List<ModelSlice> all) throws IOException {
        RoundTerms terms = all.get(0).terms();
        List<String> survivors = all.get(0).survivors();
        TaskDefinition known = Opened.of(definition);
        Checkpoint checkpoint = Checkpoint.create(
                known,
                terms.modelVersion() + 1,
                terms.round(),
                HexFormat.of().formatHex(terms.modelSha256()),
                survivors.size(),
                terms.rhoSpent(),
                terms.epsilonSpent(),
                vector(all, known.layout().size()));
        URI location = Opened.of(models).put(checkpoint);
        newest = terms.modelVersion() + 1;
        Opened.of(released).inc();
        return Opened.of(records)
                .model(
                        terms,
                        new ModelAnnounced(
                                terms.modelVersion() + 1,
                                terms.round(),
                                location.toString(),
                                ByteBuffer.wrap(checkpoint.sha256()),
                                ByteBuffer.wrap(terms.modelSha256()),
                                survivors,
                                terms.rhoSpent(),
                                terms.epsilonSpent(),
                                known.privacy().delta(),
                                ByteBuffer.wrap(aggregateHash(all))));
    }

    private static float[] vector(List<ModelSlice> all, int size) {
        float[] vector = new float[size];
        for (ModelSlice slice : all) {
            int from = slice.terms().firstEntry(slice.chunk());
            // The last slice may end in padding.
            System.arraycopy(slice.values(), 0, vector, from, Math.min(slice.values().length, size - from));
        }
        return vector;
    }

    /** SHA-256 over the slices' hashes in the order of chunks. */
    private static byte[] aggregateHash(List<ModelSlice> all) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            all.forEach(slice -> digest.update(slice.sumHash()));
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
