package dev.sotto.aggregation;

import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the combiners where they run. */
final class ChunkCombinerFactory extends AbstractStreamOperatorFactory<Partial>
        implements OneInputStreamOperatorFactory<Verdict, Partial> {
    private static final long serialVersionUID = 1L;

    private final CombinerSettings settings;

    ChunkCombinerFactory(CombinerSettings settings) {
        this.settings = settings;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends StreamOperator<Partial>> T createStreamOperator(StreamOperatorParameters<Partial> parameters) {
        return (T) new ChunkCombiner(parameters, settings);
    }

    @Override
    public Class<? extends StreamOperator<Partial>> getStreamOperatorClass(ClassLoader classLoader) {
        return ChunkCombiner.class;
    }
}
