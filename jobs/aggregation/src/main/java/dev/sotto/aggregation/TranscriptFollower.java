package dev.sotto.aggregation;

import dev.sotto.connect.flink.RawRecord;
import dev.sotto.connect.flink.Refused;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.TranscriptReader;
import dev.sotto.contracts.avro.RoundAborted;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.Survivors;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.TaskId;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Reads the task's transcript, keyed by topic: believes coordination's signature alone and every record only if it extends
 * the one before. Hands on what concerns a round's window; transcripts of other tasks in the topic are passed over.
 */
final class TranscriptFollower extends KeyedProcessFunction<String, RawRecord, RoundNews> {
    private static final long serialVersionUID = 1L;

    private final Carried<TaskDefinition> task;
    private final Carried<Trust> trust;

    private transient @Nullable TaskId id;
    private transient @Nullable EnvelopeVerifier verifier;
    private transient @Nullable ValueState<Reached> reached;

    TranscriptFollower(Carried<TaskDefinition> task, Carried<Trust> trust) {
        this.task = task;
        this.trust = trust;
    }

    /**
     * How far the transcript was read.
     *
     * @param sequence of the newest record
     * @param head its hash
     */
    public record Reached(long sequence, byte[] head) {}

    @Override
    public void open(OpenContext context) {
        id = task.value().id();
        verifier = new EnvelopeVerifier(trust.value());
        reached = getRuntimeContext().getState(new ValueStateDescriptor<>("reached", Types.POJO(Reached.class)));
    }

    @Override
    public void processElement(RawRecord record, Context context, Collector<RoundNews> out) throws Exception {
        if (record.isTombstone()) {
            return;
        }
        try {
            SignedRecord signed = Opened.of(verifier).open(record.value());
            if (signed.task().equals(id) && extend(signed)) {
                forward(signed, record, out);
            }
        } catch (RejectedRecordException e) {
            context.output(Refused.TAG, Refused.of(record, e));
        }
    }

    private boolean extend(SignedRecord signed) throws Exception {
        ValueState<Reached> state = Opened.of(reached);
        Reached before = state.value();
        TranscriptReader reader = new TranscriptReader(
                before == null ? TranscriptPosition.START : new TranscriptPosition(before.sequence(), before.head()));
        boolean further = reader.advance(signed);
        if (further) {
            state.update(
                    new Reached(reader.position().sequence(), reader.position().head()));
        }
        return further;
    }

    private static void forward(SignedRecord signed, RawRecord record, Collector<RoundNews> out)
            throws RejectedRecordException {
        switch (signed.kind()) {
            case ROUND_OPEN -> {
                RoundOpen open = signed.payload(RoundOpen.class);
                out.collect(news(signed, open.getRound(), open, record));
            }
            case SURVIVORS -> {
                Survivors survivors = signed.payload(Survivors.class);
                out.collect(news(signed, survivors.getRound(), survivors, record));
            }
            case ROUND_ABORTED -> {
                RoundAborted aborted = signed.payload(RoundAborted.class);
                out.collect(news(signed, aborted.getRound(), aborted, record));
            }
            case BLOCK_OFFER, BEACON, ROSTER, SEAL, BLOCK_ABORTED, ROUND_RESULT, TASK_END -> {
                // The window does not depend on these.
            }
            default ->
                throw new RejectedRecordException(
                        Rejection.WRONG_KIND, signed.kind() + " does not belong into the transcript");
        }
    }

    private static RoundNews news(SignedRecord signed, int round, SpecificRecordBase payload, RawRecord record) {
        TranscriptPosition position = signed.reached();
        return new RoundNews(
                signed.task() + "/" + round,
                signed.kind(),
                position.sequence(),
                position.head(),
                AvroCodec.encode(payload),
                record);
    }
}
