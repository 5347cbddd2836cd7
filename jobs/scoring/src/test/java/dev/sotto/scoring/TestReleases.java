package dev.sotto.scoring;

import dev.sotto.connect.flink.OutgoingRecord;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.avro.AnalyticsReleased;
import dev.sotto.contracts.avro.ReleasedCount;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Release rules and messages for tests. */
final class TestReleases {
    static final long MINUTE = 60_000;
    static final Instant FROM = Instant.parse("2026-03-01T12:00:00Z");
    static final long START = FROM.toEpochMilli();
    static final List<String> LABELS = List.of("negative", "neutral", "positive");
    static final List<String> TOPICS = List.of("billing", "delivery");

    private TestReleases() {}

    /** A fixed secret, so that what a test sees once it sees always. */
    static Path secret(Path directory) throws IOException {
        byte[] secret = new byte[32];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) (7 * i + 1);
        }
        return Files.write(directory.resolve("noise.secret"), secret);
    }

    /** Windows of a minute. */
    static ReleaseRule rule(int messages, String epsilon, String budget, String secretFile) {
        return new ReleaseRule(
                "sentiment",
                LABELS,
                TOPICS,
                FROM,
                Duration.ofMinutes(1),
                messages,
                new BigDecimal(epsilon),
                new BigDecimal(budget),
                secretFile);
    }

    static Candidate candidate(String conversation, long afterStart, long offset, int cell) {
        return new Candidate(conversation, START + afterStart, new Coordinates("text.chat", 0, offset), cell);
    }

    static AnalyticsReleased read(OutgoingRecord record) {
        try {
            return AvroCodec.decode(record.value(), AnalyticsReleased.class);
        } catch (RejectedRecordException e) {
            throw new IllegalStateException(e);
        }
    }

    static long[] counts(AnalyticsReleased released) {
        return released.getCounts().stream().mapToLong(ReleasedCount::getCount).toArray();
    }
}
