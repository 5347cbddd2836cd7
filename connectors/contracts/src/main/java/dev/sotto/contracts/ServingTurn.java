package dev.sotto.contracts;

import dev.sotto.contracts.avro.ModelAnnounced;

/**
 * The place of an announcement in the order in which models serve: the later of two serves, whatever order they are read in. A
 * model that was made reaches its own version; one that a rollback brings back reaches the last version that the rollback
 * withdraws. The farther reach is later, and of the same reach the lower version: so a rollback comes after what it withdraws,
 * the next model comes after the rollback, and an announcement of the past that is repeated comes after neither.
 *
 * @param version the version that serves, at least 0
 * @param reach the last version that it stands in for, at least {@code version}
 */
public record ServingTurn(int version, int reach) implements Comparable<ServingTurn> {
    public ServingTurn {
        if (version < 0 || reach < version) {
            throw new IllegalArgumentException(
                    "version %d cannot stand in for versions up to %d; expected 0 or more, and no less than that"
                            .formatted(version, reach));
        }
    }

    /** The turn of a model that a round made, or of the first. */
    public static ServingTurn made(int version) {
        return new ServingTurn(version, version);
    }

    /**
     * The turn of an announcement.
     *
     * @throws RejectedRecordException if it has no place in the order
     */
    public static ServingTurn of(ModelAnnounced announced) throws RejectedRecordException {
        Integer withdrawn = announced.getWithdrawn();
        try {
            return new ServingTurn(announced.getVersion(), withdrawn == null ? announced.getVersion() : withdrawn);
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(Rejection.INVALID_FIELD, String.valueOf(e.getMessage()), e);
        }
    }

    /** Whether this one serves where the other does until now. */
    public boolean isAfter(ServingTurn other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(ServingTurn other) {
        return reach != other.reach ? Integer.compare(reach, other.reach) : Integer.compare(other.version, version);
    }
}
