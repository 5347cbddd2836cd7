package dev.sotto.secagg;

import java.util.regex.Pattern;

/** Preconditions whose message names the value and the bound. Secrets are never passed here as a value to print. */
final class Require {
    static final int HASH_BYTES = 32;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private Require() {}

    static void that(boolean holds, String what, Object value, String bound) {
        if (!holds) {
            throw new IllegalArgumentException("%s is %s but must be %s".formatted(what, value, bound));
        }
    }

    static String name(String what, String value) {
        that(
                NAME.matcher(value).matches(),
                what,
                "'" + value + "'",
                "1 to 63 of a-z, 0-9 and '-', not starting with '-'");
        return value;
    }

    /** Returns a copy of {@code bytes} after checking its length. */
    static byte[] copy(String what, byte[] bytes, int length) {
        that(bytes.length == length, "length of " + what, bytes.length, length + " bytes");
        return bytes.clone();
    }
}
