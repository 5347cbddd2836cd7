package dev.sotto.contracts.audit;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.LedgerRecord;
import dev.sotto.contracts.avro.LedgerStep;
import dev.sotto.privacy.Digest;
import dev.sotto.privacy.LedgerChain;
import dev.sotto.privacy.LedgerDecision;
import dev.sotto.privacy.ReleaseId;
import dev.sotto.secagg.RoundId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Replays the privacy ledger and holds it against the transcript: every opened round is reserved under its terms and at its
 * price, every result is committed under the hash that it names, and nothing else is charged. Entries of the last rounds
 * may be ahead of a transcript that was read before them. Not thread-safe.
 */
final class LedgerAudit {
    private final AuditContext context;
    private final Findings findings;
    private final SpendingAudit spending;
    private final LedgerChain chain;
    private final Map<Integer, byte[]> commits = new HashMap<>();
    private final Set<String> seen = new HashSet<>();

    LedgerAudit(AuditContext context, SpendingAudit spending) {
        this.context = context;
        this.findings = context.findings();
        this.spending = spending;
        this.chain =
                LedgerChain.open(context.task().id().value(), context.task().budget());
    }

    /** Takes the next record of the topic. */
    void take(TranscriptEntry entry) {
        byte[] value = entry.value();
        if (!entry.concerns(context.task().id())) {
            return;
        }
        findings.at(0, Kind.LEDGER);
        if (value == null) {
            findings.add(Rule.ERASED, "an entry", "no value under key " + entry.keyText());
            return;
        }
        try {
            SignedRecord record = context.verifier().open(value);
            findings.at(record.position().sequence(), record.kind());
            if (record.kind() != Kind.LEDGER
                    || !record.task().equals(context.task().id())) {
                findings.add(Rule.KIND, "a LEDGER record", record.kind() + " of task " + record.task());
            } else if (seen.add(Findings.hex(record.hash()))) {
                take(record, record.payload(LedgerRecord.class), entry);
            }
        } catch (RejectedRecordException e) {
            findings.add(Rule.SIGNATURE, "an entry that coordination signed", String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            findings.add(Rule.LEDGER, "an entry of a round of the task", String.valueOf(e.getMessage()));
        }
    }

    private void take(SignedRecord record, LedgerRecord payload, TranscriptEntry entry) {
        RoundId round = RoundId.parse(payload.getRelease());
        LedgerStep step = payload.getStep();
        findings.same(
                Rule.KEY,
                "key",
                RecordKeys.ledger(context.task().id(), payload.getRelease(), step.name()),
                entry.keyText());
        findings.unless(
                context.chain().knows(record.position()),
                Rule.OTHER_TRANSCRIPT,
                "an entry written at a record of this transcript",
                "written at " + record.position());
        findings.same(
                Rule.LEDGER, "hash before " + what(step, round), chain.head().bytes(), bytes(payload, true));
        Digest input = Digest.of(AvroCodec.bytes(payload.getInputHash()));
        ReleaseId release = new ReleaseId(round.task().value(), round.number());
        if (step == LedgerStep.REFUSE) {
            findings.same(
                    Rule.LEDGER, "hash of " + what(step, round), chain.head().bytes(), bytes(payload, false));
            return;
        }
        LedgerDecision decision = step == LedgerStep.RESERVE
                ? chain.reserve(release, input, payload.getRho())
                : chain.commit(release, input);
        if (!(decision instanceof LedgerDecision.Appended appended)) {
            findings.add(Rule.LEDGER, "no " + what(step, round), decision.toString());
            return;
        }
        findings.same(
                Rule.LEDGER,
                "hash of " + what(step, round),
                appended.entry().hash().bytes(),
                bytes(payload, false));
        findings.same(Rule.LEDGER, "rho spent after " + what(step, round), chain.spentRho(), payload.getRhoSpent());
        if (step == LedgerStep.RESERVE) {
            checkReserved(round, input, payload.getRho());
        } else {
            commits.put(round.number(), appended.entry().hash().bytes());
        }
    }

    private static String what(LedgerStep step, RoundId round) {
        return "%s of round %d".formatted(step, round.number());
    }

    private static byte[] bytes(LedgerRecord payload, boolean previous) {
        return AvroCodec.bytes(previous ? payload.getPrevious() : payload.getHash());
    }

    private void checkReserved(RoundId round, Digest input, double rho) {
        findings.same(Rule.RHO, "rho of round " + round.number(), context.task().rho(), rho);
        SpendingAudit.Charge charge = spending.charges().get(round.number());
        if (charge != null) {
            findings.same(Rule.LEDGER, "terms of round " + round.number(), charge.input(), input);
        }
    }

    /**
     * Compares the whole with the transcript.
     *
     * @param ended whether the transcript has ended, so that nothing can be ahead of it
     */
    void compare(boolean ended) {
        spending.charges().forEach((number, charge) -> {
            findings.at(charge.opened(), Kind.ROUND_OPEN);
            boolean reserved = chain.reservation(release(number)).isPresent();
            findings.unless(reserved, Rule.LEDGER, "a reservation of round " + number, "none");
            if (charge.released()) {
                byte[] committed = commits.getOrDefault(number, new byte[0]);
                findings.unless(
                        Arrays.equals(committed, charge.ledgerHash()),
                        Rule.LEDGER,
                        "a commit of round %d with hash %s".formatted(number, Findings.hex(charge.ledgerHash())),
                        Findings.hex(committed));
            }
        });
        if (spending.incomplete()) {
            return;
        }
        int newest = spending.charges().isEmpty() ? 0 : spending.charges().lastKey();
        findings.at(0, Kind.LEDGER);
        chain.entries().stream()
                .map(entry -> entry.releaseId().round())
                .distinct()
                .filter(number -> !spending.charges().containsKey(number))
                .filter(number -> ended || number <= newest)
                .forEach(number -> findings.add(
                        Rule.LEDGER, "charges for rounds of the transcript alone", "a charge for round " + number));
    }

    private ReleaseId release(int round) {
        return new ReleaseId(context.task().id().value(), round);
    }
}
