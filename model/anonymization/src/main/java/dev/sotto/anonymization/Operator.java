package dev.sotto.anonymization;

/** What happens to an entity that a policy names. Immutable. */
public sealed interface Operator {
    /**
     * Puts a tag in the entity's place: {@code <EMAIL>}, or {@code <EMAIL_1>} when numbered. Within one text, equal
     * values have equal numbers, counted from 1 by first appearance; across texts the numbers mean nothing.
     */
    record Replace(boolean numbered) implements Operator {}

    /**
     * Puts an asterisk in the place of every letter and digit but the last {@code keepLast}. A value with no more than
     * twice that many keeps none.
     */
    record Mask(int keepLast) implements Operator {
        public Mask {
            if (keepLast < 0 || keepLast > MOST_KEPT) {
                throw new PolicyException("keepLast is %d but must be between 0 and %d".formatted(keepLast, MOST_KEPT));
            }
        }
    }

    /**
     * Puts a keyed pseudonym in the entity's place, {@code <EMAIL:kxypqrst>}: HMAC-SHA256 of type and canonical value,
     * cut to {@code length} characters of 4 bits each, written in the letters k to z so that a pseudonym is never
     * mistaken for a number. Equal values have equal pseudonyms in all texts under one key.
     */
    record Hash(int length) implements Operator {
        public Hash {
            if (length < SHORTEST_HASH || length > LONGEST_HASH) {
                throw new PolicyException("length is %d but must be between %d and %d, four bits each"
                        .formatted(length, SHORTEST_HASH, LONGEST_HASH));
            }
        }
    }

    /** Leaves the entity as it is and does not report it. */
    record Keep() implements Operator {}

    /** Takes the entity out and puts nothing in its place. */
    record Redact() implements Operator {}

    /** Bound of {@link Mask}. */
    int MOST_KEPT = 8;

    /** Lower bound of {@link Hash}. */
    int SHORTEST_HASH = 8;

    /** Upper bound of {@link Hash}: the whole digest. */
    int LONGEST_HASH = 64;
}
