package dev.sotto.aggregation;

import dev.sotto.connect.flink.OutgoingRecord;
import dev.sotto.connect.flink.Refused;
import org.apache.flink.api.connector.sink2.Sink;

/**
 * What the job writes.
 *
 * @param arrivals acceptances and closed windows; exactly once
 * @param models model announcements; exactly once
 * @param refused dead letters; at least once
 */
public record AggregationSinks(Sink<OutgoingRecord> arrivals, Sink<OutgoingRecord> models, Sink<Refused> refused) {}
