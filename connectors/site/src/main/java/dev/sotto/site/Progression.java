package dev.sotto.site;

import dev.sotto.contracts.TranscriptPosition;
import org.jspecify.annotations.Nullable;

/**
 * How far a site has come in the transcript.
 *
 * @param endedBlock the newest block that has ended, 0 before the first
 * @param anchorOffset the offset in {@code fl.rounds} of the first record after {@code anchor}
 * @param anchor the position before the running block's offer, or {@code reached} if no block runs: from here on the
 *     transcript is read again after a restart
 * @param reached the position up to which every record has been acted on
 * @param ended why the task ended; null while it runs
 */
record Progression(
        int endedBlock,
        long anchorOffset,
        TranscriptPosition anchor,
        TranscriptPosition reached,
        @Nullable String ended) {
    /** Before the first record of a task. */
    static final Progression START = new Progression(0, 0, TranscriptPosition.START, TranscriptPosition.START, null);

    Progression {
        if (endedBlock < 0 || anchorOffset < 0 || anchor.sequence() > reached.sequence()) {
            throw new IllegalArgumentException(
                    "the progression %d, %d, %s, %s is none".formatted(endedBlock, anchorOffset, anchor, reached));
        }
    }
}
