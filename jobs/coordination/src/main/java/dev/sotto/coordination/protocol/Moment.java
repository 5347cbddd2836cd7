package dev.sotto.coordination.protocol;

import dev.sotto.contracts.EnvelopeVerifier;

/**
 * What a decision may know besides the state: the task, the time and whose signatures hold.
 *
 * @param task the task
 * @param now milliseconds since the epoch
 * @param verifier opens what sites have signed
 */
public record Moment(CoordinatedTask task, long now, EnvelopeVerifier verifier) {
    /** The time after so many seconds, in milliseconds since the epoch. */
    long after(int seconds) {
        return now + seconds * 1000L;
    }
}
