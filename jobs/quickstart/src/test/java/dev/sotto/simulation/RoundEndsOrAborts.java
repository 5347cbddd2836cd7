package dev.sotto.simulation;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.RoundAborted;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.RoundResult;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Once faults stop, every round that was opened ends or aborts soon, the task ends, and every honest site knows it. Claimed
 * for an honest server alone: a lying one can always say nothing.
 */
final class RoundEndsOrAborts extends Invariant {
    /** A window, the patience for its chunks, the time to answer, and some checkpoints. */
    private static final long SOON = 300_000;

    private final SortedMap<Integer, Long> running = new TreeMap<>();
    private final long faultsUntil;
    private boolean ended;

    RoundEndsOrAborts(long faultsUntil) {
        this.faultsUntil = faultsUntil;
    }

    @Override
    void visible(Broker.Entry entry, SignedRecord record) throws RejectedRecordException {
        switch (record.kind()) {
            case ROUND_OPEN -> running.put(record.payload(RoundOpen.class).getRound(), entry.appended());
            case ROUND_RESULT -> end(record.payload(RoundResult.class).getRound(), entry.appended());
            case ROUND_ABORTED -> end(record.payload(RoundAborted.class).getRound(), entry.appended());
            case TASK_END -> ended = true;
            default -> {
                // Nothing begins or ends with it.
            }
        }
    }

    private void end(int round, long now) {
        Long since = running.remove(round);
        require(since != null, "round %d ends and was not opened", round);
        long took = now - Math.max(since, faultsUntil);
        require(took <= SOON, "round %d took %d s without faults", round, took / 1000);
    }

    @Override
    void finished(Schedule schedule) {
        long now = schedule.simulation().now();
        running.forEach(
                (round, since) -> require(now - Math.max(since, faultsUntil) <= SOON, "round %d never ends", round));
        require(ended, "the task never ends");
        require(running.isEmpty(), "the task has ended and rounds %s have not", running.keySet());
        for (SiteNode site : schedule.sites()) {
            require(site.lies() || site.ended(), "the task has ended and %s is %s", site.id(), site.state());
        }
    }

    /** Whether the task has ended. */
    boolean taskEnded() {
        return ended;
    }
}
