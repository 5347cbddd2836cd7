package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Schedules of the whole protocol, each from its own seed. {@code -Dsotto.schedules=3000} runs more of them,
 * {@code -Dsotto.seed=17} one, {@code -Dsotto.from=1000} starts elsewhere, {@code -Dsotto.threads=8} spreads them.
 */
class SimulationTest {
    private static final int SCHEDULES = 80;
    private static final int MOST_FAILURES = 3;
    private static final int PROGRESS = 100;

    @BeforeAll
    static void rememberSignatures() {
        RememberedSignatures.install();
    }

    @Test
    void schedules_anySeed_everyInvariantHolds() throws Exception {
        Long one = Long.getLong("sotto.seed");
        long from = one != null ? one : Long.getLong("sotto.from", 1);
        long count = one != null ? 1 : Integer.getInteger("sotto.schedules", SCHEDULES);
        AtomicLong next = new AtomicLong(from);
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Schedule.Outcome> outcomes = new ConcurrentLinkedQueue<>();
        int threads = Integer.getInteger("sotto.threads", 2);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                workers.add(pool.submit(() -> {
                    for (long seed = next.getAndIncrement();
                            seed < from + count && failures.size() < MOST_FAILURES;
                            seed = next.getAndIncrement()) {
                        run(seed, outcomes, failures);
                        if (outcomes.size() % PROGRESS == 0) {
                            System.out.printf("%d of %d schedules%n", outcomes.size(), count);
                        }
                    }
                }));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("a schedule could not be set up", e.getCause());
        } finally {
            pool.shutdownNow();
        }
        assertThat(failures).as("failed schedules").isEmpty();
        assertThat(outcomes).hasSize((int) count);
        if (count >= SCHEDULES) {
            // Sums under faults and under lies, and a server that came near to what it must not have.
            for (Settings.Profile profile : Settings.Profile.values()) {
                assertThat(outcomes)
                        .filteredOn(outcome -> outcome.settings().profile() == profile)
                        .anyMatch(outcome -> outcome.rounds() > 0);
            }
            assertThat(outcomes).anyMatch(outcome -> outcome.most() > 0);
        }
    }

    private static void run(
            long seed, ConcurrentLinkedQueue<Schedule.Outcome> outcomes, ConcurrentLinkedQueue<String> failures) {
        try (Schedule schedule = new Schedule(seed, Breakage.NONE)) {
            try {
                outcomes.add(schedule.run());
            } catch (Exception | AssertionError e) {
                failures.add("%nseed %d%n%s%n%s%n".formatted(seed, schedule.history(), trace(e)));
            }
        } catch (Exception e) {
            failures.add("%nseed %d cannot be set up or cleared away%n%s%n".formatted(seed, trace(e)));
        }
    }

    private static String trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void seed_twice_sameCourse() throws Exception {
        for (long seed : new long[] {2, 11, 13}) {
            List<Long> digests = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                try (Schedule schedule = new Schedule(seed, Breakage.NONE)) {
                    digests.add(schedule.run().digest());
                }
            }
            assertThat(digests.get(0)).as("seed %d", seed).isEqualTo(digests.get(1));
        }
    }
}
