package dev.sotto.site;

import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Follows the transcript: verifies each record, holds it against the chain, has the participant act on it, and only then
 * stores that it has been acted on. {@link #run()} is for one thread, {@link #stop()} for any.
 */
final class SiteRunner {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Set<Kind> TRANSCRIPT = EnumSet.of(
            Kind.BLOCK_OFFER,
            Kind.BEACON,
            Kind.BLOCK_ABORTED,
            Kind.ROSTER,
            Kind.SEAL,
            Kind.ROUND_OPEN,
            Kind.SURVIVORS,
            Kind.ROUND_ABORTED,
            Kind.ROUND_RESULT,
            Kind.TASK_END);

    private final SiteContext site;
    private final TranscriptSource source;
    private final Backoff backoff;
    private final EnvelopeVerifier verifier;
    private final TranscriptGuard guard;
    private final Participant participant;
    private volatile boolean stopped;

    SiteRunner(SiteContext site, TranscriptSource source, Backoff backoff) {
        this.site = site;
        this.source = source;
        this.backoff = backoff;
        this.verifier = site.verifier();
        Progression progression = site.journal().progression();
        this.guard = new TranscriptGuard(
                progression.anchor(), progression.reached(), site.journal().signedPositions());
        this.participant = new Participant(site);
    }

    /** Ends {@link #run()} soon; training that runs is finished first. */
    void stop() {
        stopped = true;
        source.wakeup();
    }

    /**
     * Takes part until the task ends.
     *
     * @return whether it has ended; false if somebody called {@link #stop()}
     * @throws DistrustException if the server is caught, now or before
     */
    boolean run() throws DistrustException, InterruptedException {
        while (!stopped && !ended()) {
            turn(POLL);
        }
        return ended();
    }

    private boolean ended() {
        return participant.state() instanceof SiteState.Ended;
    }

    /**
     * Acts on what has come, or, if everything has been acted on, does what that asks for.
     *
     * @param timeout how long to wait for a record
     */
    void turn(Duration timeout) throws DistrustException, InterruptedException {
        List<TranscriptSource.Entry> entries = source.poll(timeout);
        for (TranscriptSource.Entry entry : entries) {
            if (stopped || ended()) {
                return;
            }
            take(entry);
        }
        if (entries.isEmpty() && source.atEnd()) {
            retrying(() -> participant.caughtUp(guard.position()));
        }
    }

    SiteState state() {
        return participant.state();
    }

    private void take(TranscriptSource.Entry entry) throws DistrustException, InterruptedException {
        Optional<SignedRecord> believed = open(entry);
        if (believed.isEmpty()) {
            return;
        }
        TranscriptPosition before = guard.position();
        Optional<Boolean> live = advance(believed.get());
        if (live.isEmpty()) {
            return;
        }
        Step step = new Step(believed.get(), live.get());
        int newestBlock = participant.state().newestBlock();
        if (!retrying(() -> participant.accept(step))) {
            return;
        }
        if (step.live()) {
            store(entry.offset(), before, newestBlock);
        }
    }

    private Optional<SignedRecord> open(TranscriptSource.Entry entry) {
        try {
            SignedRecord record = verifier.open(entry.value());
            if (!TRANSCRIPT.contains(record.kind())) {
                site.progress()
                        .on(new SiteEvent.Ignored(entry.offset(), "a " + record.kind() + " is not of the transcript"));
                return Optional.empty();
            }
            return record.task().equals(site.task().id()) ? Optional.of(record) : Optional.empty();
        } catch (RejectedRecordException e) {
            // Anybody with access to the broker can write one of these; it says nothing about the server.
            site.progress().on(new SiteEvent.Ignored(entry.offset(), e.rejection() + ": " + e.getMessage()));
            return Optional.empty();
        }
    }

    private Optional<Boolean> advance(SignedRecord record) throws DistrustException {
        try {
            return guard.advance(record);
        } catch (DistrustException e) {
            site.journal().distrust(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private void store(long offset, TranscriptPosition before, int newestBlockBefore) {
        Progression last = site.journal().progression();
        TranscriptPosition reached = guard.position();
        SiteState state = participant.state();
        String ended = state instanceof SiteState.Ended end ? end.reason() : null;
        Progression next;
        if (!state.blockRuns()) {
            next = new Progression(state.newestBlock(), offset + 1, reached, reached, ended);
        } else if (state.newestBlock() != newestBlockBefore) {
            next = new Progression(newestBlockBefore, offset, before, reached, null);
        } else {
            next = new Progression(last.endedBlock(), last.anchorOffset(), last.anchor(), reached, null);
        }
        site.journal().advance(next);
        guard.forgetBefore(next.anchor());
    }

    /** Something that the broker may fail. */
    private interface Attempt {
        void run() throws UnavailableException;
    }

    /** Tries until the broker answers; false if it was stopped before that. */
    private boolean retrying(Attempt attempt) throws InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                attempt.run();
                return true;
            } catch (UnavailableException e) {
                if (stopped) {
                    return false;
                }
                site.progress().on(new SiteEvent.Waiting(String.valueOf(e.getMessage())));
                backoff.after(failures);
            }
        }
    }
}
