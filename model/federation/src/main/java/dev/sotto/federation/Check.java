package dev.sotto.federation;

import org.jspecify.annotations.Nullable;

/** Preconditions whose message names the key, the offending value and the bound. */
final class Check {
    private Check() {}

    static void require(boolean holds, String key, @Nullable Object value, String bound) {
        if (!holds) {
            throw new ConfigurationException("%s is %s but must be %s".formatted(key, value, bound));
        }
    }
}
