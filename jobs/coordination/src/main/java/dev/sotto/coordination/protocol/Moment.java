package dev.sotto.coordination.protocol;

/**
 * What a decision may know besides the state: the task and the time.
 *
 * @param task the task
 * @param now milliseconds since the epoch
 */
public record Moment(CoordinatedTask task, long now) {
    /** The time after so many seconds, in milliseconds since the epoch. */
    long after(int seconds) {
        return now + seconds * 1000L;
    }
}
