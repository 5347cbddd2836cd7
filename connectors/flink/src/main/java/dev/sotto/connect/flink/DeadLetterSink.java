package dev.sotto.connect.flink;

import java.util.List;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** Where everything refused in a job flows together, is counted by reason and written down. Stateless. */
public final class DeadLetterSink {
    private DeadLetterSink() {}

    /**
     * Gathers the refusals of operators, which hand them out on {@link Refused#TAG}.
     *
     * @param operators at least one
     * @param sink as {@link KafkaSinks#deadLetters} makes it
     */
    public static void attach(List<? extends SingleOutputStreamOperator<?>> operators, Sink<Refused> sink) {
        if (operators.isEmpty()) {
            throw new IllegalArgumentException("dead letters come from at least one operator, got none");
        }
        DataStream<Refused> refused = operators.get(0).getSideOutput(Refused.TAG);
        for (SingleOutputStreamOperator<?> operator : operators.subList(1, operators.size())) {
            refused = refused.union(operator.getSideOutput(Refused.TAG));
        }
        refused.map(new CountRefusals())
                .returns(Refused.TYPE)
                .uid("count-refusals")
                .name("count refusals")
                .sinkTo(sink)
                .uid("dead-letters")
                .name("dead letters");
    }
}
