package dev.sotto.scoring;

import dev.sotto.bert.Variant;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;

/** Makes {@link MiniBatchScorer}s; what travels in the job graph is settings alone, never a model. */
final class MiniBatchScorerFactory extends AbstractStreamOperatorFactory<ScoredMessage>
        implements TwoInputStreamOperatorFactory<AnonymizedMessage, ModelUpdate, ScoredMessage> {
    private static final long serialVersionUID = 1L;

    private final BatchRule batches;
    private final AlertRule alerts;
    private final int head;
    private final ModelStoreSource store;
    private final Variant wanted;

    MiniBatchScorerFactory(BatchRule batches, AlertRule alerts, int head, ModelStoreSource store, Variant wanted) {
        this.batches = batches;
        this.alerts = alerts;
        this.head = head;
        this.store = store;
        this.wanted = wanted;
    }

    @Override
    public <T extends StreamOperator<ScoredMessage>> T createStreamOperator(
            StreamOperatorParameters<ScoredMessage> parameters) {
        @SuppressWarnings("unchecked")
        T operator = (T) new MiniBatchScorer(
                parameters, batches, new BatchScoring(alerts, head), new ModelOpening(store, wanted));
        return operator;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return MiniBatchScorer.class;
    }
}
