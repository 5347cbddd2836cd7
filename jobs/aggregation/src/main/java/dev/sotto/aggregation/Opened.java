package dev.sotto.aggregation;

import org.jspecify.annotations.Nullable;

/** What an operator has set up when it was opened, before any record: transient fields are empty only until then. */
final class Opened {
    private Opened() {}

    static <T> T of(@Nullable T field) {
        if (field == null) {
            throw new IllegalStateException("an operator got a record before it was opened");
        }
        return field;
    }
}
