package dev.sotto.contracts.audit;

import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.secagg.TaskId;
import java.util.List;

/**
 * All that an audit has to say.
 *
 * @param task the task
 * @param records records of the transcript, each counted once
 * @param repeats records that came again, the same
 * @param head the position of the newest record: what sites that have read as far must hold too
 * @param brokenAt the first number at which the chain does not hold; 0 if it holds
 * @param uninterpreted records that stand where nothing can be made of them
 * @param ended whether the task has ended
 * @param completed rounds that ended with a result
 * @param rho zCDP spent, as last claimed
 * @param epsilon the same as epsilon
 * @param delta at this delta
 * @param ledgerChecked whether the ledger's records were there to check
 * @param blocks the blocks in order
 * @param findings what does not hold, in the order in which it was found
 * @param unchecked what these records cannot show, and what was not there to be checked
 */
public record AuditReport(
        TaskId task,
        long records,
        long repeats,
        TranscriptPosition head,
        long brokenAt,
        long uninterpreted,
        boolean ended,
        int completed,
        double rho,
        double epsilon,
        double delta,
        boolean ledgerChecked,
        List<BlockReport> blocks,
        List<Finding> findings,
        List<String> unchecked) {
    public AuditReport {
        blocks = List.copyOf(blocks);
        findings = List.copyOf(findings);
        unchecked = List.copyOf(unchecked);
    }

    /** Whether there is a transcript and nothing in it is amiss. */
    public boolean verified() {
        return records > 0 && findings.isEmpty() && brokenAt == 0;
    }

    /** The number of the last record up to which nothing is amiss. */
    public long verifiedUpTo() {
        // What has no number in the transcript, as a charge too many, says nothing about any of its records.
        long first = findings.stream()
                .mapToLong(Finding::sequence)
                .filter(sequence -> sequence > 0)
                .min()
                .orElse(head.sequence() + 1);
        return Math.max(0, (brokenAt == 0 ? first : Math.min(first, brokenAt)) - 1);
    }
}
