package dev.sotto.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Virtual time and what is to happen in it: the earliest event is next, chance orders those of one moment. Everything random
 * in a schedule comes from its one seed. Not thread-safe.
 */
final class Simulation {
    private static final int REMEMBERED = Integer.getInteger("sotto.history", 120);

    /** Something that happens. */
    interface Action {
        void run() throws Exception;
    }

    /** Told of every step of a server; it may die there. */
    interface Steps {
        /** Whether it dies. */
        boolean diesAt(String server, String step);
    }

    private record Event(long at, int order, long number, Action action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            if (byTime != 0) {
                return byTime;
            }
            int byChance = Integer.compare(order, other.order);
            return byChance != 0 ? byChance : Long.compare(number, other.number);
        }
    }

    final VirtualClock clock = new VirtualClock();
    private final SplittableRandom random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Deque<String> history = new ArrayDeque<>();
    private long number;
    private long digest = 1;
    private Steps steps = (server, step) -> false;

    Simulation(SplittableRandom random) {
        this.random = random;
    }

    SplittableRandom random() {
        return random;
    }

    long now() {
        return clock.millis();
    }

    /** Has something happen after so many milliseconds. */
    void after(long millis, Action action) {
        events.add(new Event(now() + Math.max(0, millis), random.nextInt(), number++, action));
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** So many milliseconds, most often near the lower end. */
    long between(long least, long most) {
        double skewed = random.nextDouble();
        return least + (long) (skewed * skewed * skewed * (most - least));
    }

    /** Has somebody told of every step of a server from now on. */
    void tell(Steps listener) {
        steps = listener;
    }

    /** A server has come to a step; whether it dies there. */
    boolean diesAt(String server, String step) {
        return steps.diesAt(server, step);
    }

    /** Writes down what happened. */
    void note(String what) {
        String line = "%9.3f  %s".formatted((now() - VirtualClock.START) / 1000.0, what);
        digest = 31 * digest + line.hashCode();
        history.add(line);
        if (history.size() > REMEMBERED) {
            history.remove();
        }
    }

    /** The last things that happened, one a line. */
    String history() {
        return String.join("\n", history);
    }

    /** A hash of everything that happened. */
    long digest() {
        return digest;
    }

    /** Lets time pass until a moment, or until it is enough. */
    void run(long until, BooleanSupplier enough) throws Exception {
        while (!events.isEmpty() && events.peek().at() <= until && !enough.getAsBoolean()) {
            Event next = events.remove();
            clock.advanceTo(next.at());
            try {
                next.action().run();
            } catch (PowerCut cut) {
                cut.strike();
            }
        }
    }
}
