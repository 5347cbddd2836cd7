package dev.sotto.contracts.audit;

import dev.sotto.contracts.avro.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Collects what an audit finds, each with the record that is being looked at. Not thread-safe. */
final class Findings {
    private static final int MOST_NAMES = 8;

    private final List<Finding> all = new ArrayList<>();
    private long sequence;
    private @Nullable Kind kind;

    /** Turns to a record. */
    void at(long nextSequence, @Nullable Kind nextKind) {
        this.sequence = nextSequence;
        this.kind = nextKind;
    }

    void add(Rule rule, String expected, String found) {
        all.add(new Finding(sequence, kind, rule, expected, found));
    }

    /** Notes a finding unless it holds; returns whether it does. */
    boolean unless(boolean holds, Rule rule, String expected, String found) {
        if (!holds) {
            add(rule, expected, found);
        }
        return holds;
    }

    /** Notes a finding unless a field says what it must; returns whether it does. */
    boolean same(Rule rule, String field, Object expected, Object found) {
        return unless(expected.equals(found), rule, field + " " + expected, field + " " + found);
    }

    /** As {@link #same(Rule, String, Object, Object)}, of bytes. */
    boolean same(Rule rule, String field, byte[] expected, byte[] found) {
        return unless(Arrays.equals(expected, found), rule, field + " " + hex(expected), field + " " + hex(found));
    }

    List<Finding> all() {
        return List.copyOf(all);
    }

    static String hex(byte[] bytes) {
        return bytes.length == 0 ? "(empty)" : HexFormat.of().formatHex(bytes);
    }

    /** Some names of many, and how many there are. */
    static String names(Collection<?> names) {
        String some = names.stream().limit(MOST_NAMES).map(String::valueOf).collect(Collectors.joining(", ", "[", ""));
        int more = names.size() - MOST_NAMES;
        return more > 0 ? "%s and %d more]".formatted(some, more) : some + "]";
    }
}
