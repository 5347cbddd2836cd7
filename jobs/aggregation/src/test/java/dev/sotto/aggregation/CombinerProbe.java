package dev.sotto.aggregation;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;

/** Looks into a combiner's snapshot. */
final class CombinerProbe extends AbstractStreamOperator<Integer> implements OneInputStreamOperator<Integer, Integer> {
    private static final long serialVersionUID = 1L;

    private final transient List<CombinerMemory> memory = new ArrayList<>();
    private final transient List<CheckedChunk> waiting = new ArrayList<>();

    private CombinerProbe() {}

    static CombinerProbe restore(OperatorSubtaskState snapshot) throws Exception {
        CombinerProbe probe = new CombinerProbe();
        try (var harness = new OneInputStreamOperatorTestHarness<>(probe)) {
            harness.initializeState(snapshot);
            harness.open();
        }
        return probe;
    }

    List<CombinerMemory> memory() {
        return memory;
    }

    List<CheckedChunk> waiting() {
        return waiting;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        var store = context.getOperatorStateStore();
        store.getUnionListState(new ListStateDescriptor<>("memory", CombinerMemory.TYPE))
                .get()
                .forEach(memory::add);
        store.getListState(new ListStateDescriptor<>("waiting", CheckedChunk.TYPE))
                .get()
                .forEach(waiting::add);
    }

    @Override
    public void processElement(StreamRecord<Integer> element) {}
}
