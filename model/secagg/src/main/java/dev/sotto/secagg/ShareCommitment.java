package dev.sotto.secagg;

import java.security.MessageDigest;

/** The salted hash by which a dealer binds itself to a share before anybody opens it, or to a whole self-mask seed. */
final class ShareCommitment {
    static final int SALT_BYTES = 16;

    private static final byte[] SHARE_LABEL = LengthPrefixed.text("sotto/share/v1");
    private static final byte[] SEED_LABEL = LengthPrefixed.text("sotto/self-mask/v1");

    private ShareCommitment() {}

    static byte[] of(ShareKind kind, int place, byte[] share, byte[] salt) {
        byte[] header = LengthPrefixed.of(SHARE_LABEL, LengthPrefixed.text(kind), LengthPrefixed.number(place), salt);
        return Sha256.of(header, share);
    }

    /** Needs no salt: the seed is 32 random bytes. */
    static byte[] ofSeed(RoundId round, SiteId site, byte[] seed) {
        return Sha256.of(LengthPrefixed.of(SEED_LABEL, LengthPrefixed.text(round), LengthPrefixed.text(site)), seed);
    }

    static boolean opens(byte[] commitment, ShareKind kind, int place, byte[] share, byte[] salt) {
        return MessageDigest.isEqual(commitment, of(kind, place, share, salt));
    }
}
