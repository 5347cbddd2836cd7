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
 * fl.rounds    -&gt; transcript -+
 * fl.unmask    -&gt; seeds ------+-&gt; gate (round) --closings------------------------&gt; closer (round) --+-&gt; fl.arrivals
 * fl.manifests -&gt; manifests --+    |  |  +-------arrivals-------------------------------^-----------+
 *                                  |  +----------orders----------+                      |
 *                             verdicts, to all                   v                      |
 * fl.updates  ==============&gt; combiner --partial sums--&gt; accumulator (chunk) --reports--+
 *                                                                +--slices--&gt; committer (round) -------&gt; fl.models
 * </pre>
 */
public final class AggregationJob {
    /** A round's end passes four operators one after the other; each hands on after so many milliseconds at the latest. */
    private static final long HAND_ON_MILLIS = 20;

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
        SingleOutputStreamOperator<SignedManifest> manifests = source(
                        env, sources.manifests(), appendTime(timing.manifestsIdle()), "manifests")
                .process(new ManifestReader(definition, trusted), SignedManifest.TYPE)
                .uid("manifests")
                .name("read manifests");

        SingleOutputStreamOperator<Verdict> gate = transcript
                .union(seeds)
                .keyBy(RoundNews::round, Types.STRING)
                .connect(manifests.keyBy(SignedManifest::round, Types.STRING))
                .process(new WindowGate(definition, trusted, collaborators.signer(), timing), Verdict.TYPE)
                .uid("gate")
                .name("window gate")
                .setBufferTimeout(HAND_ON_MILLIS);
        SingleOutputStreamOperator<Partial> partials = gate.broadcast()
                .transform(
                        "combiner",
                        Partial.TYPE,
                        new ChunkCombinerFactory(new CombinerSettings(definition, trusted, sources.updates(), timing)))
                .uid("combiner")
                .name("combine chunks")
                .setBufferTimeout(HAND_ON_MILLIS);
        SingleOutputStreamOperator<ModelSlice> slices = gate.getSideOutput(GateOutput.ORDERS)
                .keyBy(SliceOrder::key, Types.STRING)
                .connect(partials.keyBy(Partial::key, Types.STRING))
                .process(
                        new ChunkAccumulator(
                                definition, collaborators.noise(), collaborators.models(), timing.retention()),
                        ModelSlice.TYPE)
                .uid("accumulator")
                .name("accumulate chunks")
                .setBufferTimeout(HAND_ON_MILLIS);
        DataStream<OutgoingRecord> closed = gate.getSideOutput(GateOutput.CLOSINGS)
                .keyBy(Closing::round, Types.STRING)
                .connect(slices.getSideOutput(ChunkAccumulator.REPORTS).keyBy(SliceReport::round, Types.STRING))
                .process(new WindowCloser(collaborators.signer()), OutgoingRecord.TYPE)
                .uid("closer")
                .name("announce close")
                .setBufferTimeout(HAND_ON_MILLIS);
        DataStream<OutgoingRecord> models = slices.keyBy(ModelSlice::key, Types.STRING)
                .process(
                        new ModelCommitter(
                                definition, collaborators.models(), collaborators.signer(), timing.retention()),
                        OutgoingRecord.TYPE)
                .uid("committer")
                .name("commit model");

        gate.getSideOutput(GateOutput.ARRIVALS)
                .union(closed)
                .sinkTo(sinks.arrivals())
                .uid("arrivals")
                .name("arrivals");
        models.sinkTo(sinks.models()).uid("models").name("models");
        DeadLetterSink.attach(List.of(transcript, seeds, manifests, gate, partials), sinks.refused());
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
