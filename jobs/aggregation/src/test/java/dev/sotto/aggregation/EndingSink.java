package dev.sotto.aggregation;

import dev.sotto.connect.flink.OutgoingRecord;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.avro.Envelope;
import dev.sotto.contracts.avro.ModelAnnounced;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** The job's sink of models; the process may end between an announcement's steps into the topic. */
final class EndingSink
        implements Sink<OutgoingRecord>,
                SupportsWriterState<OutgoingRecord, KafkaWriterState>,
                SupportsCommitter<KafkaCommittable> {
    private static final long serialVersionUID = 1L;

    /** The round announced last in this process. */
    private static volatile int announced;

    private final TwoPhaseCommittingStatefulSink<OutgoingRecord, KafkaWriterState, KafkaCommittable> sink;

    EndingSink(TwoPhaseCommittingStatefulSink<OutgoingRecord, KafkaWriterState, KafkaCommittable> sink) {
        this.sink = sink;
    }

    @Override
    public Writer createWriter(WriterInitContext context) throws IOException {
        return new Writer(sink.createWriter(context));
    }

    @Override
    public Writer restoreWriter(WriterInitContext context, Collection<KafkaWriterState> state) throws IOException {
        return new Writer(sink.restoreWriter(context, state));
    }

    @Override
    public SimpleVersionedSerializer<KafkaWriterState> getWriterStateSerializer() {
        return sink.getWriterStateSerializer();
    }

    @Override
    public SimpleVersionedSerializer<KafkaCommittable> getCommittableSerializer() {
        return sink.getCommittableSerializer();
    }

    @Override
    public Committer<KafkaCommittable> createCommitter(CommitterInitContext context) throws IOException {
        Committer<KafkaCommittable> committer = sink.createCommitter(context);
        return new Committer<>() {
            @Override
            public void commit(Collection<CommitRequest<KafkaCommittable>> requests)
                    throws IOException, InterruptedException {
                if (requests.isEmpty()) {
                    return;
                }
                SuddenEnd.at(ReleaseStep.CHECKPOINTED, announced);
                committer.commit(requests);
                SuddenEnd.at(ReleaseStep.COMMITTED, announced);
            }

            @Override
            public void close() throws Exception {
                committer.close();
            }
        };
    }

    private static final class Writer
            implements StatefulSinkWriter<OutgoingRecord, KafkaWriterState>,
                    CommittingSinkWriter<OutgoingRecord, KafkaCommittable> {
        private final PrecommittingStatefulSinkWriter<OutgoingRecord, KafkaWriterState, KafkaCommittable> writer;

        Writer(PrecommittingStatefulSinkWriter<OutgoingRecord, KafkaWriterState, KafkaCommittable> writer) {
            this.writer = writer;
        }

        @Override
        public void write(OutgoingRecord record, Context context) throws IOException, InterruptedException {
            writer.write(record, context);
            announced = round(record);
            SuddenEnd.at(ReleaseStep.SIGNED, announced);
        }

        @Override
        public Collection<KafkaCommittable> prepareCommit() throws IOException, InterruptedException {
            Collection<KafkaCommittable> prepared = writer.prepareCommit();
            SuddenEnd.at(ReleaseStep.FLUSHED, announced);
            return prepared;
        }

        @Override
        public List<KafkaWriterState> snapshotState(long checkpoint) throws IOException {
            return writer.snapshotState(checkpoint);
        }

        @Override
        public void flush(boolean endOfInput) throws IOException, InterruptedException {
            writer.flush(endOfInput);
        }

        @Override
        public void writeWatermark(Watermark watermark) throws IOException, InterruptedException {
            writer.writeWatermark(watermark);
        }

        @Override
        public void close() throws Exception {
            writer.close();
        }
    }

    private static int round(OutgoingRecord record) throws IOException {
        try {
            Envelope envelope = AvroCodec.decode(record.value(), Envelope.class);
            return AvroCodec.decode(AvroCodec.bytes(envelope.getPayload()), ModelAnnounced.class)
                    .getRound();
        } catch (RejectedRecordException e) {
            throw new IOException("not an announcement", e);
        }
    }
}
