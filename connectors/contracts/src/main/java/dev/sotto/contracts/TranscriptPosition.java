package dev.sotto.contracts;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A place in a task's transcript.
 *
 * @param sequence in the transcript the record's own number from 1; elsewhere the number of the newest record read
 * @param head in the transcript the hash of the record before; elsewhere the hash of the newest record read; 32 bytes
 */
public record TranscriptPosition(long sequence, byte[] head) {
    /** Before the first record. */
    public static final TranscriptPosition START = new TranscriptPosition(0, new byte[32]);

    public TranscriptPosition {
        if (sequence < 0 || head.length != 32) {
            throw new IllegalArgumentException(
                    "a position has a sequence of at least 0 and a head of 32 bytes, got %d and %d"
                            .formatted(sequence, head.length));
        }
        head = head.clone();
    }

    @Override
    public byte[] head() {
        return head.clone();
    }

    /** The position that the record after this one carries. */
    public TranscriptPosition next() {
        return new TranscriptPosition(sequence + 1, head);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TranscriptPosition that && sequence == that.sequence && Arrays.equals(head, that.head);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(sequence);
    }

    @Override
    public String toString() {
        return sequence + ":" + HexFormat.of().formatHex(head, 0, 4);
    }
}
