package dev.sotto.scoring;

import java.util.Comparator;

/**
 * A message that may count in a release; of the message itself only what decides that, and no text.
 *
 * @param conversation the channel and the conversation (chat) or source (finance), guarded
 * @param time when it was said, in milliseconds of the epoch
 * @param coordinates where the raw record stands
 * @param cell the count it adds to, as {@link ReleaseRule#cell} numbers them
 */
public record Candidate(String conversation, long time, Coordinates coordinates, int cell) {
    private static final char SEPARATOR = '|';

    /** Oldest first; messages of one time by where they stand, so that no order of arrival changes who is first. */
    static final Comparator<Candidate> OLDEST_FIRST = Comparator.comparingLong(Candidate::time)
            .thenComparing(candidate -> candidate.coordinates().topic())
            .thenComparingInt(candidate -> candidate.coordinates().partition())
            .thenComparingLong(candidate -> candidate.coordinates().offset());

    static Candidate of(ScoredMessage scored, int cell) {
        AnonymizedMessage message = scored.message();
        return new Candidate(
                message.channel().name() + SEPARATOR + message.group(), message.time(), message.coordinates(), cell);
    }

    /** Where it stands alone: which conversation counts must not show. */
    @Override
    public String toString() {
        return "Candidate[" + coordinates + "]";
    }
}
