package dev.sotto.privacy;

/**
 * One line of a task's privacy ledger, chained to the line before by its hash.
 *
 * <p>An entry whose hash is not that of its fields cannot be made. Immutable.
 *
 * @param releaseId what is released
 * @param inputHash the hash of what the release is computed from
 * @param rho what the release costs, positive; charged by the reservation, repeated by the commit
 * @param kind reservation or commit
 * @param previousHash the hash of the entry before, or the ledger's origin
 * @param hash SHA-256 of all the above
 */
public record LedgerEntry(
        ReleaseId releaseId, Digest inputHash, double rho, Kind kind, Digest previousHash, Digest hash) {
    private static final String DOMAIN = "sotto/ledger-entry/v1";

    /** What an entry says; never anything that gives budget back. */
    public enum Kind {
        /** The budget is charged; written durably before any noise is drawn. */
        RESERVE,
        /** The release was published. */
        COMMIT
    }

    public LedgerEntry {
        Preconditions.positive("rho of " + releaseId, rho);
        Digest computed = hashOf(releaseId, inputHash, rho, kind, previousHash);
        if (!computed.equals(hash)) {
            throw new BrokenLedgerException("entry " + kind + " " + releaseId + " has hash " + hash
                    + ", its fields have " + computed + ": it was altered");
        }
    }

    /** The entry that follows the one of the given hash. */
    static LedgerEntry following(Digest previousHash, Kind kind, ReleaseId releaseId, Digest inputHash, double rho) {
        return new LedgerEntry(
                releaseId, inputHash, rho, kind, previousHash, hashOf(releaseId, inputHash, rho, kind, previousHash));
    }

    private static Digest hashOf(ReleaseId releaseId, Digest inputHash, double rho, Kind kind, Digest previousHash) {
        return Digest.sha256(new LengthPrefixed(DOMAIN)
                .bytes(previousHash.bytes())
                .text(kind.name())
                .text(releaseId.task())
                .number(releaseId.round())
                .bytes(inputHash.bytes())
                .number(rho)
                .toByteArray());
    }

    /** Whether this entry says the same as another, wherever it stands in the chain. */
    boolean claims(Digest otherInput, double otherRho) {
        return inputHash.equals(otherInput) && Double.compare(rho, otherRho) == 0;
    }
}
