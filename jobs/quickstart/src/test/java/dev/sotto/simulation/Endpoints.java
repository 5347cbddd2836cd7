package dev.sotto.simulation;

import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Where a simulated job begins and ends: names that records are fed under and arrive at, and nothing that runs. */
final class Endpoints {
    private Endpoints() {}

    static <T> Source<T, ?, ?> source() {
        return new Beginning<>();
    }

    static <T> Sink<T> sink() {
        return new End<>();
    }

    private static IllegalStateException never() {
        return new IllegalStateException("a simulated job is fed from outside; nothing of it runs on a cluster");
    }

    private static final class End<T> implements Sink<T> {
        private static final long serialVersionUID = 1L;

        @Override
        public SinkWriter<T> createWriter(WriterInitContext context) {
            throw never();
        }
    }

    private static final class Beginning<T> implements Source<T, SourceSplit, Void> {
        private static final long serialVersionUID = 1L;

        @Override
        public Boundedness getBoundedness() {
            return Boundedness.CONTINUOUS_UNBOUNDED;
        }

        @Override
        public SourceReader<T, SourceSplit> createReader(SourceReaderContext context) {
            throw never();
        }

        @Override
        public SplitEnumerator<SourceSplit, Void> createEnumerator(SplitEnumeratorContext<SourceSplit> context) {
            throw never();
        }

        @Override
        public SplitEnumerator<SourceSplit, Void> restoreEnumerator(
                SplitEnumeratorContext<SourceSplit> context, Void checkpoint) {
            throw never();
        }

        @Override
        public SimpleVersionedSerializer<SourceSplit> getSplitSerializer() {
            throw never();
        }

        @Override
        public SimpleVersionedSerializer<Void> getEnumeratorCheckpointSerializer() {
            throw never();
        }
    }
}
