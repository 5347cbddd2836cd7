package dev.sotto.connect.flink;

import dev.sotto.contracts.Rejection;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.metrics.Counter;

/** Counts what is refused, by reason: the metric {@code sotto.refused.<REASON>}. */
final class CountRefusals extends RichMapFunction<Refused, Refused> {
    private static final long serialVersionUID = 1L;

    private transient Map<Rejection, Counter> counters = Map.of();

    @Override
    public void open(OpenContext context) {
        var group = getRuntimeContext().getMetricGroup().addGroup("sotto").addGroup("refused");
        counters = new EnumMap<>(Rejection.class);
        for (Rejection reason : Rejection.values()) {
            counters.put(reason, group.counter(reason.name()));
        }
    }

    @Override
    public Refused map(Refused refused) {
        Counter counter = counters.get(refused.reason());
        if (counter != null) {
            counter.inc();
        }
        return refused;
    }
}
