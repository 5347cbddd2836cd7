package dev.sotto.coordination.cli;

import java.io.PrintWriter;

/** Says how far the reading of a long transcript has come, on the error stream. Not thread-safe. */
public final class TranscriptProgress {
    private static final int STEP = 1_000;

    private final PrintWriter err;
    private long read;
    private long total;

    /** @param err where to say it */
    public TranscriptProgress(PrintWriter err) {
        this.err = err;
    }

    /** A source is begun that has so many records to read; 0 if that is unknown. */
    void begin(long records) {
        total = records == 0 ? 0 : read + records;
    }

    /** One more record is read. */
    void advance() {
        read++;
        if (read % STEP == 0) {
            err.println(
                    total == 0 ? "read %d records".formatted(read) : "read %d of %d records".formatted(read, total));
            err.flush();
        }
    }
}
