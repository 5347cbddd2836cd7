package dev.sotto.contracts.audit;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.BlockOfferCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.GraphParameters;
import dev.sotto.secagg.NeighbourGraph;
import dev.sotto.secagg.Thresholds;
import java.util.Optional;

/** Checks an offer as a site does that holds the auditor's files: cohort, terms and the strength of the mask graph. Stateless. */
final class OfferAudit {
    /** Any beacon: whether terms are terms does not depend on the order of the ring. */
    private static final byte[] NO_BEACON = new byte[NeighbourGraph.BEACON_BYTES];

    // 0.1 * 30 is not 3 in binary, and a colluder too few would be counted.
    private static final double ROUNDING = 1e-9;

    private final AuditContext context;
    private final TaskDefinition task;
    private final Findings findings;

    OfferAudit(AuditContext context) {
        this.context = context;
        this.task = context.task().definition();
        this.findings = context.findings();
    }

    /** Checks an offer that stands at {@code sequence}. */
    void check(BlockOffer offer, long sequence) {
        findings.same(Rule.TASK_CHANGED, "task hash", context.task().hash(), AvroCodec.bytes(offer.getTaskHash()));
        int n = offer.getCohort().size();
        findings.unless(
                n >= task.rounds().minCohort(),
                Rule.COHORT,
                "a cohort of at least " + task.rounds().minCohort(),
                n + " sites");
        findings.unless(
                offer.getRounds() <= task.rounds().perBlock(),
                Rule.BLOCK_ROUNDS,
                "at most %d rounds".formatted(task.rounds().perBlock()),
                offer.getRounds() + " rounds");
        if (n >= 2) {
            checkGraph(offer, n);
        }
        checkTerms(offer, n);
        for (CohortMember member : offer.getCohort()) {
            checkMember(offer, member, sequence);
        }
    }

    private void checkGraph(BlockOffer offer, int n) {
        double colluding = task.protocol().colluding();
        if (offer.getDegree() == 0) {
            checkThreshold(offer, Thresholds.completeGraph(n, (int) Math.floor(colluding * n + ROUNDING)), n);
            return;
        }
        try {
            GraphParameters needed =
                    GraphParameters.find(n, colluding, task.protocol().dropout());
            findings.same(Rule.GRAPH, "neighbours of each site", needed.degree(), offer.getDegree());
            checkThreshold(offer, needed.threshold(), needed.degree());
        } catch (IllegalArgumentException e) {
            findings.add(
                    Rule.GRAPH, "the complete graph", "degree %d: %s".formatted(offer.getDegree(), e.getMessage()));
        }
    }

    private void checkThreshold(BlockOffer offer, int least, int most) {
        findings.unless(
                offer.getThreshold() >= least && offer.getThreshold() <= most,
                Rule.THRESHOLD,
                "a threshold from %d to %d".formatted(least, most),
                String.valueOf(offer.getThreshold()));
    }

    private void checkTerms(BlockOffer offer, int n) {
        try {
            BlockOfferCodec.terms(context.task().id(), offer, NO_BEACON);
            task.requireWorkable(n);
        } catch (RejectedRecordException | ConfigurationException e) {
            findings.add(Rule.TERMS, "terms that sites can deal under", String.valueOf(e.getMessage()));
        }
    }

    private void checkMember(BlockOffer offer, CohortMember member, long sequence) {
        Optional<SignedRecord> signed =
                context.ofSite(member.getEnrolment(), Kind.ENROL, member.getSite(), Rule.MEMBER);
        if (signed.isEmpty()) {
            return;
        }
        SignedRecord enrolment = signed.get();
        try {
            Enrol enrol = enrolment.payload(Enrol.class);
            findings.same(
                    Rule.MEMBER, "block of the enrolment of " + member.getSite(), offer.getBlock(), enrol.getBlock());
            findings.same(
                    Rule.MEMBER,
                    "encryption key of " + member.getSite(),
                    AvroCodec.bytes(enrol.getEncryptionKey()),
                    AvroCodec.bytes(member.getEncryptionKey()));
        } catch (RejectedRecordException e) {
            findings.add(Rule.MEMBER, "an enrolment of " + member.getSite(), String.valueOf(e.getMessage()));
        }
        findings.unless(
                enrolment.position().sequence() < sequence && context.chain().knows(enrolment.position()),
                Rule.OTHER_TRANSCRIPT,
                "an enrolment of %s at a record of this transcript before %d".formatted(member.getSite(), sequence),
                "signed at " + enrolment.position());
    }
}
