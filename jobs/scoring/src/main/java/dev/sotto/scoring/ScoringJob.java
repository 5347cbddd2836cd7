package dev.sotto.scoring;

import dev.sotto.connect.flink.DeadLetterSink;
import dev.sotto.connect.flink.JobConventions;
import dev.sotto.connect.flink.OutgoingRecord;
import dev.sotto.connect.flink.RawRecord;
import dev.sotto.connect.flink.Refused;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The topology of the scoring job.
 *
 * <pre>
 * texts -> parse -> anonymize -> score -+-> scored
 *                                  ^    +-> message alerts -+
 *                      (broadcast) |    +-> surges ---------+-> alerts
 *                                  |    +-> bound contributions -> release counts -> released (if asked for)
 * models -> check models ----------+------------------------+
 * (parse, anonymize, check models -> dead letters)
 * </pre>
 *
 * Raw text stays within the chained operators before scoring, and so within one thread.
 */
public final class ScoringJob {
    private final Source<RawRecord, ?, ?> texts;
    private final Source<RawRecord, ?, ?> models;
    private final Sink<OutgoingRecord> scored;
    private final Sink<OutgoingRecord> alerts;
    private final Sink<OutgoingRecord> released;
    private final Sink<Refused> deadLetters;

    /**
     * A job.
     *
     * @param texts records of the channels' topics
     * @param models records of {@code fl.models}
     * @param scored where scored text goes
     * @param alerts where alerts go
     * @param released where counts with noise go
     * @param deadLetters where refused records go
     */
    public ScoringJob(
            Source<RawRecord, ?, ?> texts,
            Source<RawRecord, ?, ?> models,
            Sink<OutgoingRecord> scored,
            Sink<OutgoingRecord> alerts,
            Sink<OutgoingRecord> released,
            Sink<Refused> deadLetters) {
        this.texts = texts;
        this.models = models;
        this.scored = scored;
        this.alerts = alerts;
        this.released = released;
        this.deadLetters = deadLetters;
    }

    /** Builds the topology. */
    public void define(StreamExecutionEnvironment env, ScoringRules rules) {
        JobConventions.apply(env);
        ServedTask task = rules.task();

        SingleOutputStreamOperator<TextMessage> parsed = env.fromSource(
                        texts, EventTime.strategy(rules.text()), "read texts", RawRecord.TYPE)
                .uid("read-texts")
                .process(new ParseText(rules.text()))
                .returns(Types.POJO(TextMessage.class))
                .uid("parse-texts")
                .name("parse texts");
        SingleOutputStreamOperator<AnonymizedMessage> anonymized = parsed.process(
                        new AnonymizeText(rules.anonymization()))
                .returns(Types.POJO(AnonymizedMessage.class))
                .uid("anonymize-texts")
                .name("anonymize texts");
        SingleOutputStreamOperator<ModelUpdate> updates = env.fromSource(
                        models, WatermarkStrategy.noWatermarks(), "read models", RawRecord.TYPE)
                .uid("read-models")
                .setParallelism(1)
                .process(new ModelGate(task, rules.trust(), rules.store(), rules.variant()))
                .returns(Types.POJO(ModelUpdate.class))
                .uid("check-models")
                .name("check models")
                .setParallelism(1);

        SingleOutputStreamOperator<ScoredMessage> scores = anonymized
                .connect(updates.broadcast())
                .transform(
                        "score",
                        Types.POJO(ScoredMessage.class),
                        new MiniBatchScorerFactory(
                                rules.batches(),
                                rules.alerts(),
                                task.head(),
                                rules.store(),
                                rules.variant().wanted()))
                .uid("score");

        scores.map(message -> new OutgoingRecord(
                        message.message().group().getBytes(StandardCharsets.UTF_8), ScoredJson.value(message)))
                .returns(OutgoingRecord.TYPE)
                .uid("scored-records")
                .name("scored records")
                .sinkTo(scored)
                .uid("scored")
                .name("scored");

        TypeInformation<Alert> alertType = Types.POJO(Alert.class);
        SingleOutputStreamOperator<Alert> messageAlerts = scores.flatMap(new MessageAlerts(task.task(), rules.alerts()))
                .returns(alertType)
                .uid("message-alerts")
                .name("message alerts");
        SingleOutputStreamOperator<Alert> surgeAlerts = scores.keyBy(
                        message -> SurgeKey.of(message).toString(), Types.STRING)
                .process(new SurgeDetector(
                        rules.surges(),
                        new SurgeAlerts(task.task(), rules.alerts().label(), rules.surges())))
                .returns(alertType)
                .uid("surges")
                .name("surges");
        messageAlerts
                .union(surgeAlerts, updates.getSideOutput(ModelGate.ALERTS))
                .map(alert -> new OutgoingRecord(alert.key(), alert.value()))
                .returns(OutgoingRecord.TYPE)
                .uid("alert-records")
                .name("alert records")
                .sinkTo(alerts)
                .uid("alerts")
                .name("alerts");

        ReleaseRule release = rules.release();
        if (release != null) {
            release(scores, release);
        }

        DeadLetterSink.attach(List.of(parsed, anonymized, updates), deadLetters);
    }

    /** The schedule's beginning is part of the uids, since state of one schedule means nothing under another. */
    private void release(SingleOutputStreamOperator<ScoredMessage> scores, ReleaseRule rule) {
        scores.flatMap(new ToCandidates(rule))
                .returns(Types.POJO(Candidate.class))
                .uid("release-candidates")
                .name("release candidates")
                .keyBy(Candidate::conversation, Types.STRING)
                .process(new ContributionBound(rule))
                .returns(Types.POJO(Contribution.class))
                .uid("bound-contributions-" + rule.start())
                .name("bound contributions")
                .transform("release counts", OutgoingRecord.TYPE, new CountRelease(rule))
                .uid("release-counts-" + rule.start())
                .setParallelism(1)
                .setMaxParallelism(1)
                .sinkTo(released)
                .uid("released")
                .name("released")
                .setParallelism(1);
    }
}
