package dev.sotto.contracts.audit;

import dev.sotto.contracts.avro.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Something in a transcript that is not as it must be.
 *
 * @param sequence the record's number in the transcript; 0 if it has none or cannot be read
 * @param kind the record's kind; null if it cannot be read
 * @param rule what it violates
 * @param expected what an honest record would have held
 * @param found what it holds
 */
public record Finding(long sequence, @Nullable Kind kind, Rule rule, String expected, String found) {
    /** Why it matters. */
    public String why() {
        return rule.why();
    }

    @Override
    public String toString() {
        return "record %d %s %s: expected %s, found %s".formatted(sequence, kind, rule, expected, found);
    }
}
