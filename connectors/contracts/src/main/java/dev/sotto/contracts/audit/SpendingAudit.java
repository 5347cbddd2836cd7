package dev.sotto.contracts.audit;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.RoundResult;
import dev.sotto.contracts.avro.TaskEnd;
import dev.sotto.privacy.Admission;
import dev.sotto.privacy.Digest;
import dev.sotto.privacy.LedgerChain;
import dev.sotto.privacy.LedgerDecision;
import dev.sotto.privacy.ReleaseId;
import dev.sotto.secagg.RoundId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Adds up what the task spends: every opened round is charged, whether it ends with a result or not, and nothing else is.
 * As nothing else is, the ledger itself follows from the transcript, entry for entry, and with it the hash that each result
 * names. Not thread-safe.
 */
final class SpendingAudit {
    // Sums may be made in another order; what is charged differs by far more.
    private static final double TOLERANCE = 1e-9;

    private final AuditedTask task;
    private final Findings findings;
    private final LedgerChain ledger;
    private final SortedMap<Integer, Charge> charges = new TreeMap<>();
    private boolean derivable = true;
    private boolean lost;
    private boolean incomplete;
    private double own;
    private double claimed;
    private double claimedEpsilon;

    SpendingAudit(AuditedTask task, Findings findings) {
        this.task = task;
        this.findings = findings;
        this.ledger = LedgerChain.open(task.id().value(), task.budget());
    }

    /**
     * What a round must have in the ledger.
     *
     * @param opened the number of the record that opened it
     * @param input what names its release
     * @param released whether it ended with a result
     * @param ledgerHash the entry that the result names; empty if there is no result
     */
    record Charge(long opened, Digest input, boolean released, byte[] ledgerHash) {}

    /** A round is opened and thereby charged. */
    void opened(RoundOpen open, RoundId round, long sequence) {
        double rho = open.getRhoSpent();
        if (!lost) {
            findings.unless(
                    close(claimed + task.rho(), rho),
                    Rule.RHO,
                    "rho %s spent, %s before and %s for this round"
                            .formatted(claimed + task.rho(), claimed, task.rho()),
                    "rho " + rho);
        }
        lost = false;
        checkEpsilon(rho, open.getEpsilonSpent());
        double before = Math.max(own, Double.isFinite(rho) ? rho - task.rho() : 0);
        if (task.budget().admit(before, task.rho()) instanceof Admission.Refused refused) {
            findings.add(Rule.BUDGET, "the end of the task", refused.reason());
        }
        own += task.rho();
        claimed = rho;
        claimedEpsilon = open.getEpsilonSpent();
        Digest input = ReleaseInput.of(task.id(), open);
        charges.putIfAbsent(round.number(), new Charge(sequence, input, false, new byte[0]));
        derivable &= ledger.reserve(release(round), input, task.rho()) instanceof LedgerDecision.Appended;
    }

    /** A round has a result. */
    void released(RoundOpen open, RoundResult result, RoundId round) {
        findings.unless(
                close(open.getRhoSpent(), result.getRho()),
                Rule.RHO,
                "rho %s as when the round was opened".formatted(open.getRhoSpent()),
                "rho " + result.getRho());
        checkEpsilon(result.getRho(), result.getEpsilon());
        findings.same(Rule.DELTA, "delta", task.delta(), result.getDelta());
        Digest input = ReleaseInput.of(task.id(), open);
        byte[] named = AvroCodec.bytes(result.getLedgerHash());
        charges.computeIfPresent(round.number(), (number, charge) -> new Charge(charge.opened(), input, true, named));
        if (derivable) {
            derivable = ledger.commit(release(round), input) instanceof LedgerDecision.Appended appended
                    && findings.same(
                            Rule.LEDGER,
                            "hash of the ledger's entry, as it follows from all rounds opened so far,",
                            appended.entry().hash().bytes(),
                            named);
        }
    }

    /** The task ends. */
    void ended(TaskEnd end) {
        findings.same(Rule.DELTA, "delta", task.delta(), end.getDelta());
        if (!lost) {
            findings.unless(
                    close(claimedEpsilon, end.getEpsilon()),
                    Rule.TASK_END,
                    "epsilon %s, as the last round said".formatted(claimedEpsilon),
                    "epsilon " + end.getEpsilon());
        }
    }

    private void checkEpsilon(double rho, double epsilon) {
        if (!(rho >= 0 && Double.isFinite(rho))) {
            findings.add(Rule.RHO, "a number from 0", "rho " + rho);
            return;
        }
        double expected = task.budget().epsilonOf(rho);
        findings.unless(
                close(expected, epsilon),
                Rule.EPSILON,
                "epsilon %s for rho %s at delta %s".formatted(expected, rho, task.delta()),
                "epsilon " + epsilon);
    }

    private static boolean close(double expected, double found) {
        return Math.abs(expected - found) <= TOLERANCE * Math.max(1, Math.abs(expected));
    }

    private static ReleaseId release(RoundId round) {
        return new ReleaseId(round.task().value(), round.number());
    }

    /** Records are missing: what was spent in them is taken as claimed, and the ledger does not follow any more. */
    void lost() {
        lost = true;
        incomplete = true;
        derivable = false;
    }

    /** Whether records are missing, and with them the charges they spoke of. */
    boolean incomplete() {
        return incomplete;
    }

    /** Whether the ledger's hashes could be computed up to the end. */
    boolean derivable() {
        return derivable;
    }

    /** What must be in the ledger, by round. */
    SortedMap<Integer, Charge> charges() {
        return Collections.unmodifiableSortedMap(charges);
    }

    /** zCDP spent so far, as last claimed. */
    double rho() {
        return claimed;
    }

    /** The same as epsilon. */
    double epsilon() {
        return claimedEpsilon;
    }
}
