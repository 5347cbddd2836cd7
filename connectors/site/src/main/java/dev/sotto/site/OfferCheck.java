package dev.sotto.site;

import static dev.sotto.site.RefusedStepException.unless;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.BlockOfferCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.RoundSettings;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.Thresholds;
import java.util.Arrays;

/**
 * Holds a block offer against this site's own task and trust files: the server can neither add a site nor weaken the
 * terms. Stateless.
 */
final class OfferCheck {
    private final SiteContext site;

    OfferCheck(SiteContext site) {
        this.site = site;
    }

    /** Whether the offer's cohort names this site. */
    boolean namesSelf(BlockOffer offer) {
        return offer.getCohort().stream()
                .anyMatch(member -> member.getSite().equals(site.self().value()));
    }

    /**
     * The terms, if this site takes them.
     *
     * @param newestBlock the newest block offered before
     * @throws RefusedStepException with the first reason found not to
     */
    BlockTerms check(BlockOffer offer, int newestBlock) throws RefusedStepException {
        RoundSettings rounds = site.task().rounds();
        unless(
                Arrays.equals(AvroCodec.bytes(offer.getTaskHash()), site.task().sha256()),
                Refusal.TASK_CHANGED,
                "block %d is offered under another task definition than this site's file".formatted(offer.getBlock()));
        int n = offer.getCohort().size();
        unless(
                n >= rounds.minCohort(),
                Refusal.COHORT_TOO_SMALL,
                "block %d has a cohort of %d; the task asks for at least %d"
                        .formatted(offer.getBlock(), n, rounds.minCohort()));
        unless(
                offer.getThreshold() <= n && Thresholds.toleratedColluders(n, offer.getThreshold()) >= 0,
                Refusal.THRESHOLD_TOO_LOW,
                "block %d has a threshold of %d; a cohort of %d needs %d to %d"
                        .formatted(offer.getBlock(), offer.getThreshold(), n, Thresholds.completeGraph(n), n));
        unless(
                offer.getRounds() <= rounds.perBlock(),
                Refusal.TOO_MANY_ROUNDS,
                "block %d has %d rounds; the task allows %d"
                        .formatted(offer.getBlock(), offer.getRounds(), rounds.perBlock()));
        unless(
                offer.getBlock() > newestBlock,
                Refusal.BAD_TERMS,
                "block %d is offered after block %d; every number is offered once"
                        .formatted(offer.getBlock(), newestBlock));
        BlockTerms terms = terms(offer);
        for (CohortMember member : offer.getCohort()) {
            checkMember(offer.getBlock(), member);
        }
        return terms;
    }

    private BlockTerms terms(BlockOffer offer) throws RefusedStepException {
        try {
            BlockTerms terms = BlockOfferCodec.terms(site.task().id(), offer);
            site.task()
                    .encoding()
                    .requireNoOverflow(
                            terms.cohort().size(),
                            site.task().layout().size(),
                            site.task().privacy().sigma(site.task().delta2()));
            return terms;
        } catch (RejectedRecordException | ConfigurationException e) {
            throw new RefusedStepException(Refusal.BAD_TERMS, String.valueOf(e.getMessage()));
        }
    }

    private void checkMember(int block, CohortMember member) throws RefusedStepException {
        boolean holds;
        try {
            SignedRecord enrolment = site.verifier().open(AvroCodec.bytes(member.getEnrolment()));
            Enrol enrol = enrolment.payload(Enrol.class);
            holds = enrolment.kind() == Kind.ENROL
                    && enrolment.signer().equals(member.getSite())
                    && enrolment.task().equals(site.task().id())
                    && enrol.getBlock() == block
                    && enrol.getEncryptionKey().equals(member.getEncryptionKey());
        } catch (RejectedRecordException e) {
            throw new RefusedStepException(
                    Refusal.MEMBER_NOT_TRUSTED,
                    "member %s of block %d: %s".formatted(member.getSite(), block, e.getMessage()));
        }
        unless(
                holds,
                Refusal.MEMBER_NOT_TRUSTED,
                "member %s of block %d has not signed this enrolment".formatted(member.getSite(), block));
    }
}
