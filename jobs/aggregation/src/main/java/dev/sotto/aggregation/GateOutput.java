package dev.sotto.aggregation;

import dev.sotto.connect.flink.OutgoingRecord;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Whom the gate tells what: combiners, accumulators, the closer and coordination. Stateless. */
final class GateOutput {
    /** Acceptances, for coordination. */
    static final OutputTag<OutgoingRecord> ARRIVALS = new OutputTag<>("arrivals", OutgoingRecord.TYPE);

    /** Orders to accumulators. */
    static final OutputTag<SliceOrder> ORDERS = new OutputTag<>("orders", SliceOrder.TYPE);

    /** Closed windows, for the closer. */
    static final OutputTag<Closing> CLOSINGS = new OutputTag<>("closings", Closing.TYPE);

    private final RoundRecords records;
    private final int chunks;
    private final long retention;

    GateOutput(RoundRecords records, int chunks, long retention) {
        this.records = records;
        this.chunks = chunks;
        this.retention = retention;
    }

    void accepted(RoundTerms terms, UploadRoot upload, WindowGate.Context context, Collector<Verdict> out) {
        context.output(ARRIVALS, records.arrival(terms, upload));
        out.collect(Verdict.accepted(terms, upload));
    }

    /** A window that has closed with enough survivors. */
    void closed(
            RoundTerms terms,
            List<AcceptedUpload> accepted,
            long patience,
            WindowGate.Context context,
            Collector<Verdict> out) {
        List<String> survivors = accepted.stream().map(AcceptedUpload::site).toList();
        context.output(CLOSINGS, new Closing(terms, accepted, chunks, EventTime.after(patience, retention)));
        out.collect(Verdict.closed(terms, patience));
        toChunks(context, chunk -> SliceOrder.closed(terms, chunk, survivors, patience));
    }

    /** A window that has closed with too few. */
    void tooFew(RoundTerms terms, List<AcceptedUpload> accepted, WindowGate.Context context, Collector<Verdict> out) {
        context.output(CLOSINGS, new Closing(terms, accepted, 0, 0));
        aborted(terms, context, out);
    }

    void unmask(RoundTerms terms, byte[] seeds, WindowGate.Context context) {
        toChunks(context, chunk -> SliceOrder.unmask(terms, chunk, seeds));
    }

    /** Nothing more will come of the round. */
    void aborted(RoundTerms terms, WindowGate.Context context, Collector<Verdict> out) {
        out.collect(Verdict.aborted(terms));
        toChunks(context, chunk -> SliceOrder.aborted(terms, chunk));
    }

    private void toChunks(WindowGate.Context context, IntFunction<SliceOrder> order) {
        for (int chunk = 0; chunk < chunks; chunk++) {
            context.output(ORDERS, order.apply(chunk));
        }
    }
}
