package dev.sotto.aggregation;

import dev.sotto.connect.flink.OutgoingRecord;
import dev.sotto.contracts.EnvelopeSigner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Announces closed windows, keyed by round: only when every slice of the sum was heard of, so that coordination asks for no
 * share of a sum that cannot be had. Sites whose chunks did not all come signed for an upload they did not send; they are named.
 */
final class WindowCloser extends KeyedCoProcessFunction<String, Closing, SliceReport, OutgoingRecord> {
    private static final long serialVersionUID = 1L;

    private final Opener<EnvelopeSigner> signer;

    private transient @Nullable RoundRecords records;
    private transient @Nullable ValueState<Closing> closing;
    private transient @Nullable ValueState<Reports> reports;
    private transient @Nullable Counter incomplete;

    WindowCloser(Opener<EnvelopeSigner> signer) {
        this.signer = signer;
    }

    /**
     * What was heard of a round.
     *
     * @param slices how many slices reported
     * @param missing sites that lack a chunk, sorted
     */
    public record Reports(int slices, List<String> missing) {
        static final Reports NONE = new Reports(0, List.of());

        Reports and(SliceReport report) {
            TreeSet<String> more = new TreeSet<>(missing);
            more.addAll(report.missing());
            return new Reports(slices + 1, new ArrayList<>(more));
        }
    }

    @Override
    public void open(OpenContext context) throws IOException {
        records = new RoundRecords(signer.open());
        closing = getRuntimeContext().getState(new ValueStateDescriptor<>("closing", Types.POJO(Closing.class)));
        reports = getRuntimeContext().getState(new ValueStateDescriptor<>("reports", Types.POJO(Reports.class)));
        incomplete = getRuntimeContext().getMetricGroup().addGroup("sotto").counter("incompleteUploads");
    }

    @Override
    public void processElement1(Closing closed, Context context, Collector<OutgoingRecord> out) throws Exception {
        context.timerService().registerEventTimeTimer(closed.forgetAt());
        Opened.of(closing).update(closed);
        announceIfHeardOfAll(closed, heard(), context, out);
    }

    @Override
    public void processElement2(SliceReport report, Context context, Collector<OutgoingRecord> out) throws Exception {
        context.timerService().registerEventTimeTimer(report.forgetAt());
        Reports heard = heard().and(report);
        Opened.of(reports).update(heard);
        announceIfHeardOfAll(Opened.of(closing).value(), heard, context, out);
    }

    private void announceIfHeardOfAll(
            @Nullable Closing closed, Reports heard, Context context, Collector<OutgoingRecord> out) {
        if (closed != null && heard.slices() == closed.slices()) {
            Opened.of(incomplete).inc(heard.missing().size());
            out.collect(Opened.of(records).windowClosed(closed.terms(), closed.accepted(), heard.missing()));
            context.timerService().deleteEventTimeTimer(closed.forgetAt());
            forget();
        }
    }

    private Reports heard() throws IOException {
        Reports heard = Opened.of(reports).value();
        return heard == null ? Reports.NONE : heard;
    }

    /** A round that was aborted meanwhile is not heard of any more. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<OutgoingRecord> out) {
        forget();
    }

    private void forget() {
        Opened.of(closing).clear();
        Opened.of(reports).clear();
    }
}
