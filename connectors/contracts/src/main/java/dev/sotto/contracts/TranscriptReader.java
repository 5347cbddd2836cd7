package dev.sotto.contracts;

/**
 * Follows one task's transcript and refuses a fork: every record must extend the one before. Not thread-safe; one a
 * reader and task.
 */
public final class TranscriptReader {
    private TranscriptPosition position;

    /** Starts after {@code position}, which a restarted reader has stored. */
    public TranscriptReader(TranscriptPosition position) {
        this.position = position;
    }

    /** The position reached. */
    public TranscriptPosition position() {
        return position;
    }

    /**
     * Takes the next record.
     *
     * @return false if the record lies at or before the position reached, as after a restart; it is then to be ignored
     * @throws RejectedRecordException {@link Rejection#CONFLICT} if the record does not extend the transcript: a gap or a
     *     fork, after which the server is not to be believed
     */
    public boolean advance(SignedRecord record) throws RejectedRecordException {
        TranscriptPosition carried = record.position();
        if (carried.sequence() <= position.sequence()) {
            return false;
        }
        if (!carried.equals(position.next())) {
            throw new RejectedRecordException(
                    Rejection.CONFLICT,
                    "the transcript forks or has a gap: a record carries %s but the reader holds %s"
                            .formatted(carried, position));
        }
        position = record.reached();
        return true;
    }
}
