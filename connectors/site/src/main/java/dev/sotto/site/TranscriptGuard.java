package dev.sotto.site;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.TranscriptReader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Follows the transcript from an anchor and catches a server that forks it: a record must extend the one before, must
 * not differ from one seen at the same place, and must lead to the position that was stored. Not thread-safe.
 */
final class TranscriptGuard {
    private final TranscriptReader reader;
    private final TranscriptPosition reached;
    private final TreeMap<Long, byte[]> seen = new TreeMap<>();

    /**
     * @param anchor where reading begins
     * @param reached up to where every record has been acted on
     * @param signed what this site's stored messages were signed at: of a record it began to act on before it was killed
     *     it has no other trace, and the server must not show it another one
     */
    TranscriptGuard(TranscriptPosition anchor, TranscriptPosition reached, List<TranscriptPosition> signed) {
        this.reader = new TranscriptReader(anchor);
        this.reached = reached;
        signed.forEach(position -> seen.put(position.sequence(), position.head()));
        seen.put(anchor.sequence(), anchor.head());
        seen.put(reached.sequence(), reached.head());
    }

    /** The position reached. */
    TranscriptPosition position() {
        return reader.position();
    }

    /**
     * Takes the next record of the task.
     *
     * @return whether it is new to the site, or read again to find its state; empty if it is to be ignored
     * @throws DistrustException if the transcript forks or has a gap
     */
    Optional<Boolean> advance(SignedRecord record) throws DistrustException {
        TranscriptPosition next = record.reached();
        byte[] known = seen.get(next.sequence());
        if (known != null && !Arrays.equals(known, next.head())) {
            throw new DistrustException(
                    "the transcript forks: coordination signed two different records with sequence " + next.sequence());
        }
        try {
            if (!reader.advance(record)) {
                return Optional.empty();
            }
        } catch (RejectedRecordException e) {
            throw new DistrustException(String.valueOf(e.getMessage()));
        }
        seen.put(next.sequence(), next.head());
        return Optional.of(next.sequence() > reached.sequence());
    }

    /** Forgets what lies before a position that need not be compared any more. */
    void forgetBefore(TranscriptPosition position) {
        seen.headMap(position.sequence()).clear();
    }
}
