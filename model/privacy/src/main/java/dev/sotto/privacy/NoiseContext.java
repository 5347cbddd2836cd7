package dev.sotto.privacy;

import java.util.List;

/**
 * What one slice of noise is for; together with the exact sum it decides the noise completely.
 *
 * @param task the task's name, not blank
 * @param round at least 1
 * @param survivors the sites in the sum, without repeats; kept sorted, so the order they are given in does not matter
 * @param chunk the index of the slice of the model, at least 0; {@link #METRICS} for the sites' metrics, whose noise is the
 *     same whichever slice they are read from
 */
public record NoiseContext(String task, int round, List<String> survivors, int chunk) {
    /** In the place of a slice: the metrics in front of every slice. */
    public static final int METRICS = -1;

    public NoiseContext {
        Preconditions.text("task", task);
        Preconditions.between("round", round, 1, Integer.MAX_VALUE);
        Preconditions.between("chunk", chunk, METRICS, Integer.MAX_VALUE);
        survivors = survivors.stream().sorted().toList();
        if (survivors.isEmpty()) {
            throw new IllegalArgumentException(
                    "survivors of " + task + "/" + round + " must not be empty: there is no sum to noise");
        }
        if (survivors.stream().distinct().count() != survivors.size()) {
            throw new IllegalArgumentException("survivors must not repeat a site, got " + survivors);
        }
    }

    /** The release this slice belongs to. */
    public ReleaseId release() {
        return new ReleaseId(task, round);
    }
}
