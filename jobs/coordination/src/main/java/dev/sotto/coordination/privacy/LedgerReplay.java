package dev.sotto.coordination.privacy;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.audit.TranscriptEntry;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.LedgerRecord;
import dev.sotto.contracts.avro.LedgerStep;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.privacy.Digest;
import dev.sotto.privacy.LedgerChain;
import dev.sotto.privacy.LedgerDecision;
import dev.sotto.privacy.ReleaseId;
import dev.sotto.secagg.RoundId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replays the records of a task's ledger: each is signed by coordination, follows the one before by its hash, costs what
 * the task says and could have been written. Behind the first that does not hold nothing is believed. Not thread-safe.
 */
final class LedgerReplay {
    private final TaskDefinition task;
    private final double rho;
    private final EnvelopeVerifier verifier;
    private final LedgerChain chain;
    private final List<LedgerLine> lines = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private int records;

    @Nullable
    private String broken;

    LedgerReplay(TaskDefinition task, Trust trust) {
        this.task = task;
        this.rho = task.rho();
        this.verifier = new EnvelopeVerifier(trust);
        this.chain = LedgerChain.open(task.task(), task.budget());
    }

    /** Takes the next record of the topic. */
    void take(TranscriptEntry entry) {
        records++;
        if (broken != null) {
            return;
        }
        try {
            replay(entry);
        } catch (Broken | RejectedRecordException | IllegalArgumentException e) {
            broken = "record %d (offset %d%s): %s".formatted(records, entry.offset(), key(entry), e.getMessage());
        }
    }

    private static String key(TranscriptEntry entry) {
        byte[] key = entry.key();
        return key == null ? ", no key" : ", key " + new String(key, StandardCharsets.UTF_8);
    }

    private void replay(TranscriptEntry entry) throws Broken, RejectedRecordException {
        byte[] value = entry.value();
        if (value == null) {
            throw new Broken("it was erased: a ledger is only ever appended to");
        }
        SignedRecord signed = verifier.open(value);
        if (signed.kind() != Kind.LEDGER || !signed.task().equals(task.id())) {
            throw new Broken("it is a %s record of task %s, expected a LEDGER record of %s"
                    .formatted(signed.kind(), signed.task(), task.task()));
        }
        // A record sent twice is the same record.
        if (seen.add(HexFormat.of().formatHex(signed.hash()))) {
            replay(entry, signed.payload(LedgerRecord.class));
        }
    }

    private void replay(TranscriptEntry entry, LedgerRecord record) throws Broken {
        LedgerStep step = record.getStep();
        String key = RecordKeys.ledger(task.id(), record.getRelease(), step.name());
        byte[] actual = entry.key();
        same("its key", key, actual == null ? "none" : new String(actual, StandardCharsets.UTF_8));
        same("the hash before it", chain.head(), digest(AvroCodec.bytes(record.getPrevious())));
        if (step != LedgerStep.REFUSE) {
            append(record);
        }
        same("its hash", chain.head(), digest(AvroCodec.bytes(record.getHash())));
        same("rho spent", chain.spentRho(), record.getRhoSpent());
        lines.add(new LedgerLine(
                lines.size() + 1,
                record.getRelease(),
                step,
                record.getRho(),
                chain.spentRho(),
                chain.spentEpsilon(),
                chain.head().toString()));
    }

    private void append(LedgerRecord record) throws Broken {
        RoundId round = RoundId.parse(record.getRelease());
        ReleaseId release = new ReleaseId(round.task().value(), round.number());
        Digest input = digest(AvroCodec.bytes(record.getInputHash()));
        same("rho of " + release, rho, record.getRho());
        LedgerDecision decision = record.getStep() == LedgerStep.RESERVE
                ? chain.reserve(release, input, record.getRho())
                : chain.commit(release, input);
        if (decision instanceof LedgerDecision.Refused refused) {
            throw new Broken("it could not have been written: " + refused.reason());
        }
        if (decision instanceof LedgerDecision.Repeated) {
            throw new Broken("it repeats an earlier %s of %s".formatted(record.getStep(), release));
        }
    }

    private static Digest digest(byte[] bytes) {
        return Digest.of(bytes);
    }

    private static void same(String what, Object expected, Object found) throws Broken {
        if (!expected.equals(found)) {
            throw new Broken("%s is %s, expected %s".formatted(what, found, expected));
        }
    }

    /** What was verified, oldest first. */
    List<LedgerLine> lines() {
        return List.copyOf(lines);
    }

    /** How many records were taken, verified or not. */
    int records() {
        return records;
    }

    /** Where and how the chain is broken; empty if it holds. */
    Optional<String> broken() {
        return Optional.ofNullable(broken);
    }

    /** The chain up to the break. */
    LedgerChain chain() {
        return chain;
    }

    /** The record does not hold. */
    private static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message);
        }
    }
}
