package dev.sotto.privacy.accounting;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often each mechanism is run on the same data: the composition to be priced.
 *
 * <p>Entries are kept in one order whatever the order they were given in, equal mechanisms are merged, so that the same
 * releases cost the same to the last bit. Immutable and thread-safe.
 */
public record Schedule(List<Entry> entries) {
    /**
     * One mechanism, several times over.
     *
     * @param mechanism what is run
     * @param count how often, at least 1
     */
    public record Entry(Mechanism mechanism, int count) {
        public Entry {
            Checks.atLeastOne("steps", count, "leave a mechanism that is not run out of the schedule");
        }
    }

    public Schedule {
        if (entries.isEmpty()) {
            throw new IllegalArgumentException(
                    "a schedule must have at least 1 mechanism, got 0: nothing released costs nothing");
        }
        SortedMap<Mechanism, Long> counts = new TreeMap<>(Comparator.comparing(Mechanism::toString));
        entries.forEach(entry -> counts.merge(entry.mechanism(), (long) entry.count(), Long::sum));
        entries = counts.entrySet().stream()
                .map(count -> new Entry(count.getKey(), counted(count.getValue())))
                .toList();
    }

    /**
     * One mechanism, {@code steps} times over.
     *
     * @param steps at least 1
     */
    public static Schedule of(Mechanism mechanism, int steps) {
        return new Schedule(List.of(new Entry(mechanism, steps)));
    }

    /** This schedule and {@code steps} runs of another mechanism, or of one it has already. */
    public Schedule and(Mechanism mechanism, int steps) {
        List<Entry> longer = new ArrayList<>(entries);
        longer.add(new Entry(mechanism, steps));
        return new Schedule(longer);
    }

    private static int counted(long steps) {
        Checks.require(
                steps <= Integer.MAX_VALUE,
                "steps",
                steps,
                "be at most " + Integer.MAX_VALUE,
                "price fewer releases at a time");
        return (int) steps;
    }

    /** How many releases there are in all. */
    public long steps() {
        return entries.stream().mapToLong(Entry::count).sum();
    }
}
