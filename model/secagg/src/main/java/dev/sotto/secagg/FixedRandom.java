package dev.sotto.secagg;

import java.security.SecureRandom;

/** A source that hands out one given seed, which makes the JDK's key generation a function of that seed. */
final class FixedRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] seed;

    FixedRandom(byte[] seed) {
        // Names no provider, so that building one never gathers entropy.
        super(null, null);
        this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
        if (bytes.length != seed.length) {
            throw new IllegalStateException("key generation asked for " + bytes.length + " random bytes but "
                    + seed.length + " are a whole private key; run on a JDK whose provider draws the key itself");
        }
        System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
}
