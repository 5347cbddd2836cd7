package dev.sotto.aggregation;

import dev.sotto.connect.flink.DeadLetterSink;
import dev.sotto.connect.flink.JobConventions;
import dev.sotto.connect.flink.OutgoingRecord;
import dev.sotto.connect.flink.RawRecord;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The topology of aggregation, for one task.
 *
 * <pre>
 * fl.rounds    -&gt; transcript ---+
 * fl.unmask    -&gt; seeds --------+-&gt; gate (round) --verdicts--&gt; accumulator (task, chunk) --slices--&gt; committer (round)
 * fl.manifests -&gt; manifests ----+      |                            ^                                   |
 * fl.updates   -&gt; chunks --seen-+      +-&gt; fl.arrivals              |                                   +-&gt; fl.models
 *                    +-----------------------------chunks-----------+
 * </pre>
 */
public final class AggregationJob {
    private final TaskDefinition task;
    private final Trust trust;
    private final AggregationSources sources;
    private final AggregationSinks sinks;
    private final AggregationCollaborators collaborators;
    private final WindowTiming timing;

    public AggregationJob(
            TaskDefinition task,
            Trust trust,
            AggregationSources sources,
            AggregationSinks sinks,
            AggregationCollaborators collaborators,
            WindowTiming timing) {
        this.task = task;
        this.trust = trust;
        this.sources = sources;
        this.sinks = sinks;
        this.collaborators = collaborators;
        this.timing = timing;
    }

    /** Adds the job to an environment. */
    public void define(StreamExecutionEnvironment env) {
        JobConventions.apply(env);
        Carried<TaskDefinition> definition = Carried.of(TaskDefinition.class, task);
        Carried<Trust> trusted = Carried.of(Trust.class, trust);

        SingleOutputStreamOperator<RoundNews> transcript = source(
                        env, sources.rounds(), AlwaysIdle.strategy(), "rounds")
                .keyBy(RawRecord::topic, Types.STRING)
                .process(new TranscriptFollower(definition, trusted), RoundNews.TYPE)
                .uid("transcript")
                .name("follow transcript");
        SingleOutputStreamOperator<RoundNews> seeds = source(env, sources.unmask(), AlwaysIdle.strategy(), "unmask")
                .process(new SeedsReader(definition, trusted), RoundNews.TYPE)
                .uid("seeds")
                .name("read seeds");
        SingleOutputStreamOperator<UploadNews> manifests = source(
                        env, sources.manifests(), appendTime(timing.manifestsIdle()), "manifests")
                .process(new ManifestReader(definition, trusted), UploadNews.TYPE)
                .uid("manifests")
                .name("read manifests");
        SingleOutputStreamOperator<VerifiedChunk> chunks = source(
                        env, sources.updates(), appendTime(timing.updatesIdle()), "updates")
                .process(new ChunkReader(definition, trusted), VerifiedChunk.TYPE)
                .uid("chunks")
                .name("read chunks");

        SingleOutputStreamOperator<Verdict> gate = transcript
                .union(seeds)
                .keyBy(RoundNews::round, Types.STRING)
                .connect(manifests.union(chunks.getSideOutput(ChunkReader.SEEN)).keyBy(UploadNews::round, Types.STRING))
                .process(
                        new WindowGate(definition, trusted, collaborators.signer(), timing.grace(), timing.retention()),
                        Verdict.TYPE)
                .uid("gate")
                .name("window gate");
        SingleOutputStreamOperator<ModelSlice> slices = gate.keyBy(Verdict::key, Types.STRING)
                .connect(chunks.keyBy(VerifiedChunk::key, Types.STRING))
                .process(
                        new ChunkAccumulator(
                                definition, collaborators.noise(), collaborators.models(), timing.retention()),
                        ModelSlice.TYPE)
                .uid("accumulator")
                .name("accumulate chunks");
        DataStream<OutgoingRecord> models = slices.keyBy(ModelSlice::key, Types.STRING)
                .process(
                        new ModelCommitter(definition, collaborators.models(), collaborators.signer()),
                        OutgoingRecord.TYPE)
                .uid("committer")
                .name("commit model");

        gate.getSideOutput(WindowGate.ARRIVALS)
                .sinkTo(sinks.arrivals())
                .uid("arrivals")
                .name("arrivals");
        models.sinkTo(sinks.models()).uid("models").name("models");
        DeadLetterSink.attach(List.of(transcript, seeds, manifests, chunks, gate, slices), sinks.refused());
    }

    private static DataStream<RawRecord> source(
            StreamExecutionEnvironment env,
            Source<RawRecord, ?, ?> source,
            WatermarkStrategy<RawRecord> watermarks,
            String name) {
        return env.fromSource(source, watermarks, "source " + name, RawRecord.TYPE)
                .uid("source-" + name)
                .name("source " + name);
    }

    private static WatermarkStrategy<RawRecord> appendTime(Duration idle) {
        // Within a partition the broker's append time never goes back.
        return WatermarkStrategy.<RawRecord>forMonotonousTimestamps().withIdleness(idle);
    }
}
