package dev.sotto.aggregation;

import dev.sotto.connect.flink.FeedOpener;
import dev.sotto.connect.flink.RawRecord;
import org.apache.flink.api.connector.source.Source;

/**
 * What the job reads, as raw records whose timestamps are the broker's.
 *
 * @param rounds the transcript
 * @param updates masked chunks; a chunk in another partition than its key's is refused
 * @param manifests manifests and ticks
 * @param unmask reconstructed seeds
 */
public record AggregationSources(
        Source<RawRecord, ?, ?> rounds,
        FeedOpener updates,
        Source<RawRecord, ?, ?> manifests,
        Source<RawRecord, ?, ?> unmask) {}
