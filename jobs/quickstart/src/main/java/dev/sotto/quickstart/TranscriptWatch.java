package dev.sotto.quickstart;

import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.TranscriptReader;
import dev.sotto.contracts.avro.RoundAborted;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.RoundResult;
import dev.sotto.contracts.avro.TaskEnd;
import dev.sotto.federation.Trust;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Follows the transcript like any site: verifies signatures and the chain, and tells what happened. */
final class TranscriptWatch {
    /** Something that happened in the task. */
    sealed interface Event {}

    /** A round's window opened. */
    record Opened(int round) implements Event {}

    /** A round ended with a model. */
    record Ended(RoundOutcome outcome) implements Event {}

    /** A round was given up. */
    record Aborted(int round, String reason) implements Event {}

    /** The task stopped. */
    record Finished(String reason) implements Event {}

    /** The transcript cannot be believed. */
    record Broken(String reason) implements Event {}

    private final EnvelopeVerifier verifier;
    private final TranscriptReader reader = new TranscriptReader(TranscriptPosition.START);
    private final Map<Integer, List<String>> announced = new HashMap<>();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    TranscriptWatch(Trust trust) {
        this.verifier = new EnvelopeVerifier(trust);
    }

    BlockingQueue<Event> events() {
        return events;
    }

    void accept(byte[] envelope) {
        try {
            SignedRecord signed = verifier.open(envelope);
            if (reader.advance(signed)) {
                handle(signed);
            }
        } catch (RejectedRecordException e) {
            events.add(new Broken(e.rejection() + ": " + e.getMessage()));
        }
    }

    private void handle(SignedRecord signed) throws RejectedRecordException {
        switch (signed.kind()) {
            case ROUND_OPEN -> {
                RoundOpen open = signed.payload(RoundOpen.class);
                announced.put(open.getRound(), open.getAnnounced());
                events.add(new Opened(open.getRound()));
            }
            case ROUND_RESULT -> {
                RoundResult result = signed.payload(RoundResult.class);
                events.add(new Ended(new RoundOutcome(
                        result.getRound(),
                        result.getModelVersion(),
                        announced.getOrDefault(result.getRound(), List.of()),
                        result.getSurvivors(),
                        result.getDropouts(),
                        result.getEpsilon(),
                        result.getDelta(),
                        Optional.ofNullable(result.getMetrics()),
                        Optional.ofNullable(result.getTally()))));
            }
            case ROUND_ABORTED -> {
                RoundAborted aborted = signed.payload(RoundAborted.class);
                events.add(new Aborted(aborted.getRound(), aborted.getReason()));
            }
            case TASK_END ->
                events.add(new Finished(signed.payload(TaskEnd.class).getReason()));
            default -> {
                // Offers, rosters, seals and survivor sets are between coordination and the sites.
            }
        }
    }
}
