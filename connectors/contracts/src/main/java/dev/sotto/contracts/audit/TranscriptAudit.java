package dev.sotto.contracts.audit;

import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks the whole transcript of one task, record by record as they lie in {@code fl.rounds}, and then, if it is there, the
 * ledger against it. It believes the task file and the trust file that it is given and nobody else: coordination's signature
 * says who wrote a record, never that it is right. Holds hashes and names, no bundles, however long the transcript. Not
 * thread-safe.
 */
public final class TranscriptAudit {
    private static final List<String> LIMITS = List.of(
            "uploads: the transcript has their roots, not their chunks; that a sum is over them, that noise was added and"
                    + " that a model was made from it shows only to whoever holds fl.updates, the seeds and the noise secret",
            "unmask answers: they are in fl.sites and fl.unmask, so whether a site refused does not show",
            "who was kept waiting: enrolments, bundles and uploads that coordination left out are not in the transcript",
            "deadlines: who came too late shows only in the broker's timestamps, which the broker's owner sets",
            "quarantine and intents: why a member is not announced is not in the transcript",
            "the first model: its hash is taken from the first round; the operator's announcement is in fl.models");

    private final AuditContext context;
    private final CourseAudit course;
    private final List<TranscriptPosition> demanded = new ArrayList<>();

    /** An audit that has read nothing yet. */
    public TranscriptAudit(TaskDefinition task, Trust trust) {
        AuditedTask audited = new AuditedTask(task);
        Findings findings = new Findings();
        EnvelopeVerifier verifier = new EnvelopeVerifier(trust);
        this.context = new AuditContext(audited, verifier, new ChainAudit(audited.id(), verifier, findings), findings);
        this.course = new CourseAudit(context);
    }

    /** Takes the next record of {@code fl.rounds}, whichever task it is of. */
    public void accept(TranscriptEntry entry) {
        context.chain().extend(entry).ifPresent(course::take);
    }

    /** A position that somebody holds, for example a site: the transcript must lead to it. */
    public void demand(TranscriptPosition position) {
        demanded.add(position);
    }

    /** The report if the ledger cannot be read. */
    public AuditReport report() {
        return assemble(false);
    }

    /**
     * The report with the ledger.
     *
     * @param ledger the records of {@code fl.ledger}, read after those of {@code fl.rounds}
     */
    public AuditReport report(List<TranscriptEntry> ledger) {
        LedgerAudit audit = new LedgerAudit(context, course.spending());
        ledger.forEach(audit::take);
        audit.compare(course.ended());
        return assemble(true);
    }

    private AuditReport assemble(boolean ledgerChecked) {
        ChainAudit chain = context.chain();
        for (TranscriptPosition position : demanded) {
            context.findings().at(position.sequence(), null);
            context.findings()
                    .unless(
                            chain.knows(position),
                            Rule.SEEN,
                            "a record with the hash " + Findings.hex(position.head()),
                            position.sequence() > chain.reached().sequence() ? "no such record" : "another record");
        }
        List<Finding> findings = context.findings().all();
        return new AuditReport(
                context.task().id(),
                chain.records(),
                chain.repeats(),
                chain.reached(),
                chain.brokenAt() == Long.MAX_VALUE ? 0 : chain.brokenAt(),
                course.uninterpreted(),
                course.ended(),
                course.completed(),
                course.spending().rho(),
                course.spending().epsilon(),
                context.task().delta(),
                ledgerChecked,
                course.report((first, last) -> standing(findings, first, last)),
                findings,
                unchecked(ledgerChecked));
    }

    private Standing standing(List<Finding> findings, long first, long last) {
        if (findings.stream().anyMatch(finding -> finding.sequence() >= first && finding.sequence() <= last)) {
            return Standing.FINDINGS;
        }
        return last >= context.chain().brokenAt() ? Standing.UNVERIFIED : Standing.VERIFIED;
    }

    private List<String> unchecked(boolean ledgerChecked) {
        List<String> unchecked = new ArrayList<>();
        if (!ledgerChecked) {
            unchecked.add("the ledger's own records (fl.ledger): they were not read");
        }
        if (!course.spending().derivable()) {
            unchecked.add(
                    "the ledger's hashes behind the first finding that touches them: they do not follow any more");
        }
        if (!course.ended()) {
            unchecked.add(
                    "what comes after record %d: a shorter transcript is as valid as a longer one, so compare the head"
                            .formatted(context.chain().reached().sequence()));
        }
        unchecked.addAll(LIMITS);
        return unchecked;
    }
}
