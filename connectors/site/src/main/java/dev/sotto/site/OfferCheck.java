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
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.NeighbourGraph;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Holds a block offer against this site's own task and trust files: the server can neither add a site nor weaken the
 * terms. Stateless.
 */
final class OfferCheck {
    /** Who withholds a reveal has the graph drawn again; so many draws cost at most three bits of its privacy. */
    static final int MOST_DRAWS = 8;

    /** Any beacon: whether terms are terms does not depend on the order of the ring. */
    private static final byte[] NO_BEACON = new byte[NeighbourGraph.BEACON_BYTES];

    private final SiteContext site;
    private final GraphCheck graphs;

    OfferCheck(SiteContext site) {
        this.site = site;
        this.graphs = new GraphCheck(site.task().protocol());
    }

    /** Whether the offer's cohort names this site. */
    boolean namesSelf(BlockOffer offer) {
        return offer.getCohort().stream()
                .anyMatch(member -> member.getSite().equals(site.self().value()));
    }

    /**
     * Checks all that an offer says.
     *
     * @param newestBlock the newest block offered before
     * @throws RefusedStepException with the first reason found not to take it
     */
    void check(BlockOffer offer, int newestBlock) throws RefusedStepException {
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
        graphs.check(offer);
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
        checkTerms(offer);
        for (CohortMember member : offer.getCohort()) {
            checkMember(offer.getBlock(), member);
        }
        checkOwnEnrolment(offer);
        checkDraws(offer);
    }

    private void checkTerms(BlockOffer offer) throws RefusedStepException {
        TaskDefinition task = site.task();
        try {
            BlockOfferCodec.terms(task.id(), offer, NO_BEACON);
            task.requireWorkable(offer.getCohort().size());
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

    private void checkOwnEnrolment(BlockOffer offer) throws RefusedStepException {
        Optional<StoredEnrolment> stored = site.journal().enrolment(offer.getBlock());
        unless(
                stored.isPresent(),
                Refusal.OWN_ENROLMENT_REPLACED,
                "block %d names this site, which has not enrolled for it with this state directory"
                        .formatted(offer.getBlock()));
        byte[] message = stored.map(StoredEnrolment::message).orElseThrow();
        stored.ifPresent(StoredEnrolment::destroy);
        for (CohortMember member : offer.getCohort()) {
            unless(
                    !member.getSite().equals(site.self().value())
                            || Arrays.equals(AvroCodec.bytes(member.getEnrolment()), message),
                    Refusal.OWN_ENROLMENT_REPLACED,
                    "block %d names this site with another enrolment than it sent".formatted(offer.getBlock()));
        }
    }

    private void checkDraws(BlockOffer offer) throws RefusedStepException {
        if (offer.getDegree() == 0) {
            return;
        }
        SortedSet<Integer> drawn = site.journal().revealed();
        drawn.remove(offer.getBlock());
        unless(
                drawn.size() < MOST_DRAWS,
                Refusal.TOO_MANY_OFFERS,
                "block %d would draw a graph after %d drawn and never sealed, so its order may not be chance any more; find out who withholds its nonce, then delete 'reveals' in the state directory"
                        .formatted(offer.getBlock(), drawn.size()));
    }
}
