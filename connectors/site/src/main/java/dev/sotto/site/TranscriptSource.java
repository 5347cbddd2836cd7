package dev.sotto.site;

import java.time.Duration;
import java.util.List;

/** Where the records of {@code fl.rounds} come from, in order, committed ones alone. Not thread-safe but for {@link #wakeup()}. */
interface TranscriptSource extends AutoCloseable {
    /**
     * A record as it came.
     *
     * @param offset its place in the topic
     * @param value its bytes, which nobody has verified yet
     */
    record Entry(long offset, byte[] value) {}

    /** The next records; empty if none came in time or somebody called {@link #wakeup()}. */
    List<Entry> poll(Duration timeout);

    /** Whether everything that was committed has been returned. */
    boolean atEnd();

    /** Ends a {@link #poll} that waits; for any thread. */
    void wakeup();

    @Override
    void close();
}
