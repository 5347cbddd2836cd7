package dev.sotto.privacy;

/**
 * The name of one noisy release: a round of a task. It is charged once, however often it is computed.
 *
 * @param task not blank
 * @param round at least 1
 */
public record ReleaseId(String task, int round) {
    public ReleaseId {
        Preconditions.text("task", task);
        Preconditions.between("round", round, 1, Integer.MAX_VALUE);
    }

    /** {@code task/round}. */
    @Override
    public String toString() {
        return task + "/" + round;
    }
}
