package dev.sotto.aggregation;

import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.TaskId;
import java.util.Collection;
import java.util.Collections;
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
 * @param groups the number of groups that are summed apart
 * @param groupOf the group of every announced site, in their order
 * @param clipNorm the largest L2 norm of an update
 * @param deadline broker time in milliseconds at which the window closes
 * @param minSurvivors the fewest sites of a group whose sum is unmasked
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
        int groups,
        int[] groupOf,
        double clipNorm,
        long deadline,
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

    /**
     * The group an announced site is in.
     *
     * @throws IllegalArgumentException if it is not announced
     */
    public int groupOf(String site) {
        int place = Collections.binarySearch(announced, site);
        if (place < 0) {
            throw new IllegalArgumentException(site + " is not announced in round " + task + "/" + round);
        }
        return groupOf[place];
    }

    /** Those of the sites that are in a group, in their order. */
    public List<String> inGroup(int group, Collection<String> sites) {
        return sites.stream().filter(site -> groupOf(site) == group).toList();
    }

    /** Whether every group has the survivors it needs. */
    public boolean suffices(Collection<String> survivors) {
        int[] alive = new int[groups];
        survivors.forEach(site -> alive[groupOf(site)]++);
        for (int count : alive) {
            if (count < minSurvivors) {
                return false;
            }
        }
        return true;
    }

    /**
     * The transcript position that everything this job signs about the round carries: the round's opening, so that a
     * replay signs the same bytes.
     */
    public TranscriptPosition position() {
        return new TranscriptPosition(sequence, head);
    }
}
