package dev.sotto.contracts.audit;

import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Envelope;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.TaskId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Follows the hash chain of one task: every record is signed by coordination, has its number in its key, and extends the
 * one before. Keeps the hash of every record, so that a second one with the same number is seen however late it comes,
 * and so that the positions which sites sign can be looked up. Not thread-safe.
 */
final class ChainAudit {
    private static final Set<Kind> TRANSCRIPT = EnumSet.of(
            Kind.BLOCK_OFFER,
            Kind.BEACON,
            Kind.ROSTER,
            Kind.SEAL,
            Kind.BLOCK_ABORTED,
            Kind.ROUND_OPEN,
            Kind.SURVIVORS,
            Kind.ROUND_ABORTED,
            Kind.ROUND_RESULT,
            Kind.TASK_END);

    private final TaskId task;
    private final EnvelopeVerifier verifier;
    private final Findings findings;
    private final TreeMap<Long, byte[]> hashes = new TreeMap<>();
    private TranscriptPosition reached = TranscriptPosition.START;
    private long brokenAt = Long.MAX_VALUE;
    private long records;
    private long repeats;

    ChainAudit(TaskId task, EnvelopeVerifier verifier, Findings findings) {
        this.task = task;
        this.verifier = verifier;
        this.findings = findings;
        hashes.put(reached.sequence(), reached.head());
    }

    /**
     * A record that is the next of the chain.
     *
     * @param record the record
     * @param broken whether it is the next only because those between are missing, or it links to another record than the
     *     one before
     */
    record Link(SignedRecord record, boolean broken) {}

    /** Takes the next record of the topic; empty if it belongs to another task or is no link. */
    Optional<Link> extend(TranscriptEntry entry) {
        if (!entry.concerns(task)) {
            return Optional.empty();
        }
        Envelope claimed = entry.envelope();
        findings.at(claimed == null ? 0 : claimed.getSequence(), claimed == null ? null : claimed.getKind());
        byte[] value = entry.value();
        if (value == null) {
            findings.add(
                    Rule.ERASED,
                    "a record",
                    "no value under key %s, offset %d".formatted(entry.keyText(), entry.offset()));
            return Optional.empty();
        }
        SignedRecord record;
        try {
            record = verifier.open(value);
        } catch (RejectedRecordException e) {
            boolean signature = e.rejection() == Rejection.BAD_SIGNATURE || e.rejection() == Rejection.UNKNOWN_SIGNER;
            findings.add(
                    signature ? Rule.SIGNATURE : Rule.MALFORMED,
                    "a record signed by " + Trust.COORDINATION,
                    "at offset %d: %s".formatted(entry.offset(), e.getMessage()));
            return Optional.empty();
        }
        if (!record.signer().equals(Trust.COORDINATION) || !TRANSCRIPT.contains(record.kind())) {
            findings.add(Rule.KIND, "one of " + TRANSCRIPT, record.kind() + " of " + record.signer());
            return Optional.empty();
        }
        findings.same(
                Rule.KEY,
                "key",
                RecordKeys.transcript(record.task(), record.position().sequence()),
                entry.keyText());
        return record.task().equals(task) ? link(record) : Optional.empty();
    }

    private Optional<Link> link(SignedRecord record) {
        TranscriptPosition carried = record.position();
        long number = carried.sequence();
        byte[] known = hashes.get(number);
        if (known != null) {
            if (Arrays.equals(known, record.hash())) {
                repeats++;
            } else {
                broken(number);
                findings.add(
                        Rule.FORK,
                        "one record with number %d, hash %s".formatted(number, Findings.hex(known)),
                        "a second one with hash " + Findings.hex(record.hash()));
            }
            return Optional.empty();
        }
        TranscriptPosition next = reached.next();
        if (number < next.sequence()) {
            broken(number);
            hashes.put(number, record.hash());
            findings.add(
                    Rule.GAP, "number " + next.sequence(), "number %d, after the records behind it".formatted(number));
            return Optional.empty();
        }
        boolean broken = !carried.equals(next);
        if (broken) {
            broken(next.sequence());
            findings.add(
                    number > next.sequence() ? Rule.GAP : Rule.FORK,
                    "number %d after the record with hash %s".formatted(next.sequence(), Findings.hex(next.head())),
                    "number %d after the record with hash %s".formatted(number, Findings.hex(carried.head())));
        }
        hashes.put(number, record.hash());
        reached = record.reached();
        records++;
        return Optional.of(new Link(record, broken));
    }

    private void broken(long number) {
        brokenAt = Math.min(brokenAt, number);
    }

    /** Whether a position that somebody signed lies in this transcript; those in a gap are taken on trust. */
    boolean knows(TranscriptPosition position) {
        byte[] hash = hashes.get(position.sequence());
        return hash == null ? position.sequence() <= reached.sequence() : Arrays.equals(hash, position.head());
    }

    /** The position of the newest record. */
    TranscriptPosition reached() {
        return reached;
    }

    /** The first number at which there is not exactly one record that follows from those before. */
    long brokenAt() {
        return brokenAt;
    }

    /** How many records there are, each counted once. */
    long records() {
        return records;
    }

    /** How many came again, byte for byte the same in all that is signed. */
    long repeats() {
        return repeats;
    }
}
