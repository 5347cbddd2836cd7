package dev.sotto.privacy;

/**
 * A stream of uniform 64-bit words, the only randomness the samplers take.
 *
 * <p>Sealed: outside this package the one way to a stream is {@link NoiseKey#words()}, so a generator of another kind cannot reach
 * a released value. Not thread-safe.
 */
public sealed interface RandomWords permits KeyStreamWords {
    /** The next word; every one of the 2^64 values is equally likely. */
    long nextLong();
}
