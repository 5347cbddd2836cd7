package dev.sotto.secagg;

import java.security.SecureRandom;

/**
 * What a site keeps to itself for one round.
 *
 * @param maskKey its pairwise masks come from it
 * @param selfMask seed of its own mask
 * @param dealing seed of all randomness in the round's part of the bundle, so that the same secrets always deal the same
 */
record RoundSecrets(AgreementKeyPair maskKey, MaskSeed selfMask, MaskSeed dealing) {
    static RoundSecrets generate(SecureRandom random) {
        return new RoundSecrets(
                AgreementKeyPair.generate(random), MaskSeed.generate(random), MaskSeed.generate(random));
    }

    void destroy() {
        maskKey.destroy();
        selfMask.destroy();
        dealing.destroy();
    }

    @Override
    public String toString() {
        return "secrets of a round";
    }
}
