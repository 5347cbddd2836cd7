package dev.sotto.secagg;

/**
 * The name of a participant; its order decides who adds a pairwise mask and who subtracts it.
 *
 * @param value 1 to 63 characters of {@code a-z}, {@code 0-9} and {@code -}, not starting with {@code -}
 */
public record SiteId(String value) implements Comparable<SiteId> {
    /** @throws IllegalArgumentException if the name is malformed */
    public SiteId {
        Require.name("site id", value);
    }

    @Override
    public int compareTo(SiteId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
