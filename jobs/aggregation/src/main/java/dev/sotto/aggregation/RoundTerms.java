package dev.sotto.aggregation;

import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.TaskId;
import java.util.List;

/**
 * What the transcript opened a round with, as far as the window needs it. Arrays and lists are not changed.
 *
 * @param task the task
 * @param block the block the round's keys belong to
 * @param round the round's number
 * @param modelVersion the model sites train from
 * @param modelSha256 its hash
 * @param modelLocation where it lies
 * @param announced the sites expected, sorted
 * @param deadline broker time in milliseconds at which the window closes
 * @param entries entries of the vector
 * @param chunkEntries entries of every chunk but the last
 * @param minSurvivors the fewest sites whose sum is unmasked
 * @param rhoSpent zCDP spent by the task when this round is released
 * @param epsilonSpent the same as epsilon
 * @param sealHash the block's seal
 * @param sequence the place of the opening in the transcript
 * @param head the opening's hash
 */
public record RoundTerms(
        String task,
        int block,
        int round,
        int modelVersion,
        byte[] modelSha256,
        String modelLocation,
        List<String> announced,
        long deadline,
        int entries,
        int chunkEntries,
        int minSurvivors,
        double rhoSpent,
        double epsilonSpent,
        byte[] sealHash,
        long sequence,
        byte[] head) {
    /** The round. */
    public RoundId id() {
        return new RoundId(new TaskId(task), round);
    }

    /** Chunks of the vector. */
    public int chunks() {
        return (entries + chunkEntries - 1) / chunkEntries;
    }

    /** The first entry of a chunk. */
    public int firstEntry(int chunk) {
        return chunk * chunkEntries;
    }

    /** Entries of a chunk. */
    public int entriesOf(int chunk) {
        return Math.min(chunkEntries, entries - firstEntry(chunk));
    }

    /**
     * The transcript position that everything this job signs about the round carries: the round's opening, so that a
     * replay signs the same bytes.
     */
    public TranscriptPosition position() {
        return new TranscriptPosition(sequence, head);
    }
}
