package dev.sotto.scoring;

import dev.sotto.connect.flink.RawRecord;
import dev.sotto.connect.flink.Refused;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.federation.Trust;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * The one place where announced models are accepted or refused, so that every subtask scores with the same ones; runs with
 * parallelism one. A refused model becomes a dead letter and an alert, and the one in place stays.
 */
final class ModelGate extends ProcessFunction<RawRecord, ModelUpdate> implements CheckpointedFunction {
    static final OutputTag<Alert> ALERTS = new OutputTag<>("model-alerts", TypeInformation.of(Alert.class));
    private static final long serialVersionUID = 1L;

    private final ServedTask task;
    private final Map<String, String> sites;
    private final Map<String, String> servers;
    private final ModelStoreSource store;
    private final VariantRule variant;
    private final ModelAlerts alerts;

    private transient @Nullable ModelCheck check;
    private transient @Nullable ModelUpdate inPlace;
    private transient @Nullable ListState<ModelUpdate> accepted;
    private transient Counter refused = new SimpleCounter();

    ModelGate(ServedTask task, Trust trust, ModelStoreSource store, VariantRule variant) {
        this.task = task;
        this.sites = trust.sites();
        this.servers = trust.servers();
        this.store = store;
        this.variant = variant;
        this.alerts = new ModelAlerts(task.task());
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        accepted = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("accepted", TypeInformation.of(ModelUpdate.class)));
        for (ModelUpdate update : accepted.get()) {
            inPlace = update;
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        Objects.requireNonNull(accepted).update(inPlace == null ? List.of() : List.of(inPlace));
    }

    @Override
    public void open(OpenContext context) throws Exception {
        EnvelopeVerifier verifier = new EnvelopeVerifier(new Trust(sites, servers));
        check = new ModelCheck(task, verifier, store.open(), variant);
        refused = getRuntimeContext().getMetricGroup().addGroup("sotto").counter("refusedModels");
    }

    @Override
    public void processElement(RawRecord record, Context context, Collector<ModelUpdate> out) {
        if (record.isTombstone()) {
            return;
        }
        try {
            Objects.requireNonNull(check).check(record.value(), inPlace).ifPresent(update -> {
                inPlace = update;
                out.collect(update);
            });
        } catch (RejectedRecordException e) {
            refused.inc();
            context.output(Refused.TAG, Refused.of(record, e));
            context.output(ALERTS, alerts.of(record, e, inPlace));
        }
    }

    @Override
    public void close() {
        if (check != null) {
            check.close();
        }
    }
}
