package dev.sotto.scoring;

import dev.sotto.connect.flink.OutgoingRecord;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.avro.AnalyticsReleased;
import dev.sotto.contracts.avro.ReleaseKind;
import dev.sotto.contracts.avro.ReleasedCount;
import dev.sotto.privacy.CountNoise;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** The records of {@code analytics.released}. Stateless. */
final class ReleasedRecord {
    private static final String UNIT = "conversation";
    private static final String NEIGHBOURS = "add-remove";
    private static final String MECHANISM = "discrete-laplace";

    private ReleasedRecord() {}

    /**
     * A window's counts.
     *
     * @param noised by cell, with the noise
     */
    static OutgoingRecord window(ReleaseRule rule, CountNoise noise, ClosedWindow window, long[] noised) {
        List<ReleasedCount> counts = new ArrayList<>(noised.length);
        for (String topic : rule.topics()) {
            for (String label : rule.labels()) {
                counts.add(new ReleasedCount(topic, label, noised[rule.cell(topic, label)]));
            }
        }
        long start = window.counts().windowStart();
        return new OutgoingRecord(
                RecordKeys.released(rule.taskId(), start),
                value(rule, noise, ReleaseKind.WINDOW, start, counts, window.spent(), window.releases()));
    }

    /** The end: the budget has no room for the next window. */
    static OutgoingRecord end(ReleaseRule rule, CountNoise noise, ClosedWindow end) {
        long start = end.counts().windowStart();
        return new OutgoingRecord(
                RecordKeys.releasesEnd(rule.taskId(), start),
                value(rule, noise, ReleaseKind.END, start, List.of(), end.spent(), end.releases()));
    }

    private static byte[] value(
            ReleaseRule rule,
            CountNoise noise,
            ReleaseKind kind,
            long start,
            List<ReleasedCount> counts,
            String spent,
            long releases) {
        return AvroCodec.encode(AnalyticsReleased.newBuilder()
                .setTask(rule.task())
                .setKind(kind)
                .setWindowStart(start)
                .setWindowEnd(start + rule.size())
                .setCounts(counts)
                .setUnit(UNIT)
                .setNeighbours(NEIGHBOURS)
                .setMessagesPerUnit(rule.messages())
                .setSensitivity(rule.messages())
                .setMechanism(MECHANISM)
                .setScale(noise.scale())
                .setEpsilon(rule.epsilon().doubleValue())
                .setDelta(0)
                .setEpsilonSpent(new BigDecimal(spent).doubleValue())
                .setEpsilonBudget(rule.budget().doubleValue())
                .setReleases(releases)
                .build());
    }
}
