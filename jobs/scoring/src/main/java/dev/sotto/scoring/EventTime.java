package dev.sotto.scoring;

import dev.sotto.connect.flink.RawRecord;
import dev.sotto.contracts.RejectedRecordException;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Reads when a message was said, at the source: there every partition has its own watermark, so that reading up one
 * partition after the other makes nothing late. It parses the record a second time, which costs microseconds where scoring
 * costs milliseconds. A record that will be refused moves no watermark.
 */
final class EventTime implements TimestampAssigner<RawRecord> {
    private final TextParsers parsers;

    private EventTime(TextParsers parsers) {
        this.parsers = parsers;
    }

    static WatermarkStrategy<RawRecord> strategy(TextRule rule) {
        return WatermarkStrategy.<RawRecord>forBoundedOutOfOrderness(rule.outOfOrder())
                .withTimestampAssigner(context -> new EventTime(new TextParsers(rule)))
                .withIdleness(rule.idleAfter());
    }

    @Override
    public long extractTimestamp(RawRecord record, long recordTimestamp) {
        try {
            return parsers.parse(record).time();
        } catch (RejectedRecordException e) {
            return Long.MIN_VALUE;
        }
    }
}
