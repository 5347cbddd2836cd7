package dev.sotto.privacy;

/**
 * A symmetric noise distribution on the integers, sampled in integers: no floating-point number takes part in a draw.
 *
 * <p>Immutable and thread-safe; the stream passed in is not.
 */
public sealed interface IntegerNoise permits DiscreteLaplace, DiscreteGaussian, DiscreteGaussianTable, Skellam {
    /** One draw. */
    long sample(RandomWords words);

    /** The distribution's name, as it enters the noise key. */
    String mechanism();

    /** The distribution's exact parameters, as they enter the noise key. */
    String parameters();

    /** Adds one draw to each entry, mod 2^32. */
    default void addTo(int[] slice, RandomWords words) {
        for (int i = 0; i < slice.length; i++) {
            slice[i] += (int) sample(words);
        }
    }
}
