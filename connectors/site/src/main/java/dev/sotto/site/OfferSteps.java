package dev.sotto.site;

import static dev.sotto.site.RefusedStepException.unless;

import dev.sotto.contracts.BlockOfferCodec;
import dev.sotto.contracts.BundleCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Beacon;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Reveal;
import dev.sotto.secagg.AgreementKeyPair;
import dev.sotto.secagg.BlockId;
import dev.sotto.secagg.BlockSecrets;
import dev.sotto.secagg.BlockTerms;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.TreeMap;

/** The steps from an enrolment to a bundle. What is sent is stored first. Not thread-safe. */
final class OfferSteps {
    private final SiteContext site;
    private final OfferCheck offers;
    private final BeaconCheck beacons;

    OfferSteps(SiteContext site) {
        this.site = site;
        this.offers = new OfferCheck(site);
        this.beacons = new BeaconCheck(site);
    }

    /** Enrols for a block, or sends a stored enrolment again. */
    SiteState enrol(int block, TranscriptPosition position) throws UnavailableException {
        Optional<StoredEnrolment> stored = site.journal().enrolment(block);
        byte[] message = stored.isPresent() ? stored.get().message() : newEnrolment(block, position);
        stored.ifPresent(StoredEnrolment::destroy);
        site.post(message);
        site.progress().on(new SiteEvent.Enrolled(block));
        return new SiteState.Enrolled(block);
    }

    private byte[] newEnrolment(int block, TranscriptPosition position) {
        AgreementKeyPair encryption = AgreementKeyPair.generate(site.random());
        byte[] nonce = new byte[dev.sotto.secagg.Beacon.NONCE_BYTES];
        site.random().nextBytes(nonce);
        byte[] commitment =
                dev.sotto.secagg.Beacon.commitment(new BlockId(site.task().id(), block), site.self(), nonce);
        Enrol enrol = new Enrol(block, ByteBuffer.wrap(encryption.publicKey().bytes()), ByteBuffer.wrap(commitment));
        byte[] message = site.signer().sealBytes(site.task().id(), Kind.ENROL, position, enrol);
        StoredEnrolment enrolment = new StoredEnrolment(encryption.privateBytes(), nonce, message);
        try {
            site.journal().enrol(block, enrolment);
            return message;
        } finally {
            enrolment.destroy();
            encryption.destroy();
        }
    }

    /**
     * Answers an offer with a bundle, or with the nonce if its graph is still to be drawn; or sits the block out.
     *
     * @param newestBlock the newest block offered before
     */
    SiteState offer(Step step, int newestBlock) throws RejectedRecordException, UnavailableException {
        BlockOffer offer = step.record().payload(BlockOffer.class);
        if (!offers.namesSelf(offer)) {
            return sitOut(step, offer, "the cohort does not name this site");
        }
        try {
            offers.check(offer, newestBlock);
            if (step.live()) {
                site.journal().finishBlock(offer.getBlock() - 1);
            }
            return offer.getDegree() == 0
                    ? deal(step, offer, BlockOfferCodec.terms(site.task().id(), offer))
                    : reveal(step, offer);
        } catch (RefusedStepException e) {
            site.tell(step, e);
            return sitOut(step, offer, "its offer was refused");
        }
    }

    private SiteState reveal(Step step, BlockOffer offer) throws UnavailableException {
        int block = offer.getBlock();
        TranscriptPosition offered = step.record().reached();
        Optional<byte[]> stored = site.journal().reveal(block);
        if (!step.live()) {
            return stored.isPresent() ? new SiteState.Revealed(offer, offered) : SiteState.SittingOut.of(offer);
        }
        site.post(stored.isPresent() ? stored.get() : newReveal(block, offered));
        site.progress().on(new SiteEvent.Revealed(block));
        return new SiteState.Revealed(offer, offered);
    }

    private byte[] newReveal(int block, TranscriptPosition offered) {
        StoredEnrolment enrolment = site.journal()
                .enrolment(block)
                .orElseThrow(() -> new IllegalStateException("an accepted offer has an enrolment"));
        Reveal reveal = new Reveal(block, ByteBuffer.wrap(enrolment.nonce()));
        byte[] message = site.signer().sealBytes(site.task().id(), Kind.REVEAL, offered, reveal);
        enrolment.destroy();
        site.journal().reveal(block, message);
        return message;
    }

    /** Answers a beacon with a bundle, or sits the block out. */
    SiteState beacon(Step step, SiteState.Revealed revealed) throws RejectedRecordException, UnavailableException {
        BlockOffer offer = revealed.offer();
        try {
            return deal(step, offer, beacons.terms(revealed, step.record().payload(Beacon.class)));
        } catch (RefusedStepException e) {
            site.tell(step, e);
            return sitOut(step, offer, "its beacon was refused");
        }
    }

    private SiteState deal(Step step, BlockOffer offer, BlockTerms terms)
            throws RefusedStepException, UnavailableException {
        Optional<byte[]> stored = site.journal().bundle(offer.getBlock());
        if (!step.live()) {
            return stored.isPresent() ? new SiteState.Dealt(terms, new TreeMap<>()) : SiteState.SittingOut.of(offer);
        }
        // Also after the deadline: coordination waits for a late bundle if it has too few.
        site.post(bundle(terms, stored, step.record().reached()));
        int holders = terms.graph().holders();
        site.progress().on(new SiteEvent.Dealt(offer.getBlock(), holders, terms.threshold()));
        return new SiteState.Dealt(terms, new TreeMap<>());
    }

    private byte[] bundle(BlockTerms terms, Optional<byte[]> stored, TranscriptPosition position)
            throws RefusedStepException {
        BlockSecrets secrets = secrets(terms);
        try {
            if (stored.isPresent()) {
                return stored.get();
            }
            byte[] message = site.signer()
                    .sealBytes(site.task().id(), Kind.BUNDLE, position, BundleCodec.toRecord(secrets.bundle()));
            site.journal().dealt(terms.block().number(), message);
            return message;
        } finally {
            secrets.destroy();
        }
    }

    /** The block's secrets: the stored ones, or new ones that are stored before they are used. */
    private BlockSecrets secrets(BlockTerms terms) throws RefusedStepException {
        int block = terms.block().number();
        Optional<BlockSecrets> stored = site.journal().secrets(block);
        if (stored.isPresent()) {
            unless(
                    stored.get().terms().equals(terms),
                    Refusal.BAD_TERMS,
                    "block %d is offered again under other terms than this site has dealt for".formatted(block));
            return stored.get();
        }
        StoredEnrolment enrolment = site.journal()
                .enrolment(block)
                .orElseThrow(() -> new IllegalStateException("an accepted offer has an enrolment"));
        AgreementKeyPair encryption = AgreementKeyPair.of(enrolment.encryptionKey());
        enrolment.destroy();
        BlockSecrets secrets = BlockSecrets.create(terms, site.self(), encryption, site.random());
        site.journal().keep(secrets);
        return secrets;
    }

    private SiteState sitOut(Step step, BlockOffer offer, String why) {
        site.tell(step, new SiteEvent.SatOut(offer.getBlock(), why));
        return SiteState.SittingOut.of(offer);
    }
}
