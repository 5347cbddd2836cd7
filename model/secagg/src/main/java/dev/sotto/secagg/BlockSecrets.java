package dev.sotto.secagg;

import java.security.SecureRandom;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A site's secrets for a block: its private encryption key and, for every round not yet erased, its private mask key and
 * its self-mask seed. The site writes {@link #serialize()} to durable, access-restricted storage before it publishes
 * {@link #bundle()}, and again after each {@link #erase(int)}. Prints no secret. Not thread-safe: one thread owns it.
 *
 * <p>Shares are held in the bundles, sealed to their holders, so that nothing has to be kept for answering but the
 * encryption key; on the complete graph that goes for the site's own shares of its own secrets too.
 */
public final class BlockSecrets {
    private final BlockTerms terms;
    private final SiteId self;
    private final AgreementKeyPair encryption;
    private final SortedMap<Integer, RoundSecrets> rounds;

    BlockSecrets(BlockTerms terms, SiteId self, AgreementKeyPair encryption, SortedMap<Integer, RoundSecrets> rounds) {
        AgreementPublicKey announced = terms.cohort().get(self);
        if (announced == null) {
            throw new IllegalArgumentException("site " + self + " is not in the cohort of block " + terms.block());
        }
        Require.that(
                encryption.publicKey().equals(announced),
                "encryption key of " + self,
                encryption.publicKey(),
                "the one the cohort was told, " + announced);
        this.terms = terms;
        this.self = self;
        this.encryption = encryption;
        this.rounds = rounds;
    }

    /**
     * Draws the secrets of a block.
     *
     * @param encryption the pair whose public key the site enrolled with; owned by this object from now on
     * @throws IllegalArgumentException if the site is not in the cohort under this key
     */
    public static BlockSecrets create(BlockTerms terms, SiteId self, AgreementKeyPair encryption, SecureRandom random) {
        SortedMap<Integer, RoundSecrets> rounds = new TreeMap<>();
        for (RoundId round : terms.roundIds()) {
            rounds.put(round.number(), RoundSecrets.generate(random));
        }
        return new BlockSecrets(terms, self, encryption, rounds);
    }

    /**
     * Reads what {@link #serialize()} wrote.
     *
     * @throws IllegalArgumentException if the bytes are damaged or of an unknown version
     */
    public static BlockSecrets deserialize(byte[] bytes) {
        return BlockSecretsCodec.read(bytes);
    }

    /** The secrets as versioned bytes with a checksum: a secret that the caller stores and erases from memory. */
    public byte[] serialize() {
        return BlockSecretsCodec.write(this);
    }

    /**
     * Deals: the public keys and encrypted shares of all rounds. The same secrets deal the same bundle each time, so a
     * site that crashed before it was sure to have sent it sends the same again.
     *
     * @throws IllegalStateException if a round has been erased
     */
    public Bundle bundle() {
        if (rounds.size() != terms.rounds()) {
            throw new IllegalStateException("block " + terms.block() + " has only " + rounds.size() + " of its "
                    + terms.rounds() + " rounds left; a bundle is dealt before the first is erased");
        }
        return new Dealer(terms, self).deal(encryption, rounds);
    }

    /** Zeroes and drops the secrets of a round, for good; of a round already erased or of another block, nothing. */
    public void erase(int roundNumber) {
        RoundSecrets erased = rounds.remove(roundNumber);
        if (erased != null) {
            erased.destroy();
        }
    }

    /** Zeroes and drops everything. */
    public void destroy() {
        rounds.values().forEach(RoundSecrets::destroy);
        rounds.clear();
        encryption.destroy();
    }

    /** Whether the secrets of this round are still here. */
    public boolean holds(RoundId round) {
        return terms.contains(round) && rounds.containsKey(round.number());
    }

    /** The terms the secrets were drawn for. */
    public BlockTerms terms() {
        return terms;
    }

    /** The site whose secrets these are. */
    public SiteId self() {
        return self;
    }

    AgreementKeyPair encryption() {
        return encryption;
    }

    SortedMap<Integer, RoundSecrets> rounds() {
        return rounds;
    }

    RoundSecrets of(RoundId round) {
        RoundSecrets secrets = terms.contains(round) ? rounds.get(round.number()) : null;
        if (secrets == null) {
            throw new IllegalStateException("site " + self + " has no secrets for round " + round + ": block "
                    + terms.block() + " holds rounds " + rounds.keySet() + ", erased ones are gone for good");
        }
        return secrets;
    }

    @Override
    public String toString() {
        return "secrets of " + self + " for block " + terms.block() + ", rounds " + rounds.keySet();
    }
}
