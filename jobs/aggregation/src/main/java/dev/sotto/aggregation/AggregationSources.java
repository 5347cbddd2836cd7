package dev.sotto.aggregation;

import dev.sotto.connect.flink.RawRecord;
import org.apache.flink.api.connector.source.Source;

/**
 * What the job reads, as raw records whose timestamps are the broker's.
 *
 * @param rounds the transcript
 * @param updates masked chunks
 * @param manifests manifests and ticks
 * @param unmask reconstructed seeds
 */
public record AggregationSources(
        Source<RawRecord, ?, ?> rounds,
        Source<RawRecord, ?, ?> updates,
        Source<RawRecord, ?, ?> manifests,
        Source<RawRecord, ?, ?> unmask) {}
