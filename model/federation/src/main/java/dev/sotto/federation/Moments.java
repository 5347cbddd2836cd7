package dev.sotto.federation;

/**
 * What an adaptive server optimizer remembers about a slice of the model.
 *
 * @param first the first moment, an entry a parameter; empty before the first step
 * @param second the second moment, likewise
 */
public record Moments(float[] first, float[] second) {
    /** Before the first step. */
    public static Moments none() {
        return new Moments(new float[0], new float[0]);
    }
}
