package dev.sotto.aggregation;

import dev.sotto.connect.flink.OutgoingRecord;
import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.contracts.avro.ReleasedMetrics;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ChunkLayout;
import dev.sotto.federation.ModelStore;
import dev.sotto.federation.RoundMetrics;
import dev.sotto.federation.TaskDefinition;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the slices of a round together, keyed by round: writes the checkpoint to the model store, then announces it. The
 * checkpoint may be written a second time after a failure, with the same bytes; the announcement is seen once. A round that was
 * run again from a parent whose child is published already ends here: a version is never overwritten.
 */
final class ModelCommitter extends KeyedProcessFunction<String, ModelSlice, OutgoingRecord> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ModelCommitter.class);

    private final Carried<TaskDefinition> task;
    private final Opener<ModelStore> store;
    private final Opener<EnvelopeSigner> signer;
    private final long retention;

    private transient @Nullable TaskDefinition definition;
    private transient @Nullable ModelStore models;
    private transient @Nullable RoundRecords records;
    private transient @Nullable MapState<Integer, ModelSlice> slices;
    private transient @Nullable CommitMetrics metrics;

    ModelCommitter(
            Carried<TaskDefinition> task, Opener<ModelStore> store, Opener<EnvelopeSigner> signer, Duration retention) {
        this.task = task;
        this.store = store;
        this.signer = signer;
        this.retention = retention.toMillis();
    }

    @Override
    public void open(OpenContext context) throws IOException {
        definition = task.value();
        models = store.open();
        records = new RoundRecords(signer.open());
        slices = getRuntimeContext().getMapState(new MapStateDescriptor<>("slices", Types.INT, ModelSlice.TYPE));
        metrics = new CommitMetrics(getRuntimeContext().getMetricGroup());
    }

    @Override
    public void processElement(ModelSlice slice, Context context, Collector<OutgoingRecord> out) throws Exception {
        MapState<Integer, ModelSlice> state = Opened.of(slices);
        if (state.isEmpty()) {
            long now = Math.max(slice.terms().deadline(), context.timerService().currentWatermark());
            context.timerService().registerEventTimeTimer(EventTime.after(now, retention));
        }
        state.put(slice.chunk(), slice);
        List<ModelSlice> all = new ArrayList<>();
        for (int chunk = 0; chunk < Opened.of(definition).chunks().chunks(); chunk++) {
            ModelSlice other = state.get(chunk);
            if (other == null) {
                return;
            }
            all.add(other);
        }
        try {
            out.collect(commit(all));
        } catch (FileAlreadyExistsException e) {
            // Trying again would end the same way for ever; coordination sees that no model comes.
            Opened.of(metrics).refused();
            LOG.error("round {} is dropped: {}", slice.key(), e.getMessage());
        }
        state.clear();
    }

    /** A round of which some slice never came is given up. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<OutgoingRecord> out) {
        Opened.of(slices).clear();
    }

    private OutgoingRecord commit(List<ModelSlice> all) throws IOException {
        RoundTerms terms = all.get(0).terms();
        List<String> survivors = all.get(0).survivors();
        TaskDefinition known = Opened.of(definition);
        Checkpoint checkpoint = Opened.of(records)
                .sign(Checkpoint.create(
                        known,
                        terms.modelVersion() + 1,
                        terms.round(),
                        HexFormat.of().formatHex(terms.modelSha256()),
                        survivors.size(),
                        terms.rhoSpent(),
                        terms.epsilonSpent(),
                        vector(all, known)));
        URI location = Opened.of(models).put(checkpoint);
        RoundMetrics sum = counts(all.get(0));
        boolean agreed = all.stream().allMatch(slice -> counts(slice).equals(sum));
        Opened.of(metrics).released(terms.modelVersion() + 1, agreed);
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
                                ByteBuffer.wrap(aggregateHash(all)),
                                released(known, sum),
                                known.encoding().adaptive() == null
                                        ? null
                                        : all.get(all.size() - 1).unclipped(),
                                null,
                                tally(all)));
    }

    /** The metrics that are the same in every slice. */
    private static RoundMetrics counts(ModelSlice slice) {
        return slice.metrics().withTally(List.of());
    }

    /** Every slice has a part of it, most an empty one. */
    private static @Nullable List<Double> tally(List<ModelSlice> all) {
        List<Double> tally =
                all.stream().flatMap(slice -> slice.metrics().tally().stream()).toList();
        return tally.isEmpty() ? null : tally;
    }

    /** Where records are protected sites tell no metrics. */
    private static @Nullable ReleasedMetrics released(TaskDefinition task, RoundMetrics sum) {
        return task.privacy().record() == null
                ? new ReleasedMetrics(sum.examples(), sum.meanLoss(), sum.evaluated(), sum.accuracy())
                : null;
    }

    private static float[] vector(List<ModelSlice> all, TaskDefinition task) {
        float[] vector = new float[task.layout().size()];
        ChunkLayout layout = task.chunks();
        for (ModelSlice slice : all) {
            System.arraycopy(slice.values(), 0, vector, layout.firstParameter(slice.chunk()), slice.values().length);
        }
        return vector;
    }

    /** SHA-256 over the hashes of exact sums in the order of chunks, within a chunk of groups. */
    private static byte[] aggregateHash(List<ModelSlice> all) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            all.forEach(slice -> digest.update(slice.sumHashes()));
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
