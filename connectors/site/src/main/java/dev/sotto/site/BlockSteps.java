package dev.sotto.site;

import static dev.sotto.site.RefusedStepException.unless;

import dev.sotto.contracts.BundleCodec;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Roster;
import dev.sotto.contracts.avro.Seal;
import dev.sotto.secagg.AgreementKeyPair;
import dev.sotto.secagg.AgreementPublicKey;
import dev.sotto.secagg.BlockSecrets;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The steps from an enrolment to a sealed block. What is sent is stored first. Not thread-safe. */
final class BlockSteps {
    private final SiteContext site;
    private final OfferCheck offers;
    private final RosterCheck rosters;

    BlockSteps(SiteContext site) {
        this.site = site;
        this.offers = new OfferCheck(site);
        this.rosters = new RosterCheck(site);
    }

    /** Enrols for a block, or sends a stored enrolment again. */
    SiteState enrol(int block, TranscriptPosition position) throws UnavailableException {
        Optional<StoredEnrolment> stored = site.journal().enrolment(block);
        byte[] message = stored.isPresent() ? stored.get().message() : newEnrolment(block, position);
        stored.ifPresent(enrolment -> Arrays.fill(enrolment.encryptionKey(), (byte) 0));
        send(message);
        site.progress().on(new SiteEvent.Enrolled(block));
        return new SiteState.Enrolled(block);
    }

    private byte[] newEnrolment(int block, TranscriptPosition position) {
        AgreementKeyPair encryption = AgreementKeyPair.generate(site.random());
        byte[] privateKey = encryption.privateBytes();
        try {
            Enrol enrol =
                    new Enrol(block, ByteBuffer.wrap(encryption.publicKey().bytes()));
            byte[] message = site.signer().sealBytes(site.task().id(), Kind.ENROL, position, enrol);
            site.journal().enrol(block, new StoredEnrolment(privateKey, message));
            return message;
        } finally {
            Arrays.fill(privateKey, (byte) 0);
            encryption.destroy();
        }
    }

    /**
     * Answers an offer with a bundle, or sits the block out.
     *
     * @param newestBlock the newest block offered before
     */
    SiteState offer(Step step, int newestBlock) throws RejectedRecordException, UnavailableException {
        BlockOffer offer = step.record().payload(BlockOffer.class);
        int block = offer.getBlock();
        if (!offers.namesSelf(offer)) {
            return sitOut(step, offer, "the cohort does not name this site");
        }
        try {
            BlockTerms terms = offers.check(offer, newestBlock);
            Optional<byte[]> stored = site.journal().bundle(block);
            if (!step.live()) {
                return stored.isPresent() ? new SiteState.Dealt(terms, new TreeMap<>()) : outOf(offer);
            }
            site.journal().finishBlock(block - 1);
            // Also after the deadline: coordination waits for a late bundle if it has too few.
            send(bundle(terms, stored, step.record().reached()));
            site.progress().on(new SiteEvent.Dealt(block, terms.cohort().size(), terms.threshold()));
            return new SiteState.Dealt(terms, new TreeMap<>());
        } catch (RefusedStepException e) {
            report(step, e);
            return sitOut(step, offer, "its offer was refused");
        }
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
                .orElseThrow(() -> new RefusedStepException(
                        Refusal.OWN_ENROLMENT_REPLACED,
                        "block %d names this site, which has not enrolled for it with this state directory"
                                .formatted(block)));
        AgreementKeyPair encryption = AgreementKeyPair.of(enrolment.encryptionKey());
        Arrays.fill(enrolment.encryptionKey(), (byte) 0);
        AgreementPublicKey offered = terms.cohort().get(site.self());
        if (offered == null || !encryption.publicKey().equals(offered)) {
            encryption.destroy();
            throw new RefusedStepException(
                    Refusal.OWN_ENROLMENT_REPLACED,
                    "block %d names this site under another encryption key than it enrolled with".formatted(block));
        }
        BlockSecrets secrets = BlockSecrets.create(terms, site.self(), encryption, site.random());
        site.journal().keep(secrets);
        return secrets;
    }

    /** Takes one member's bundle. */
    SiteState roster(Step step, SiteState.Dealt dealt) throws RejectedRecordException {
        try {
            SignedBundle bundle = rosters.bundle(dealt.terms(), step.record().payload(Roster.class));
            SiteId dealer = bundle.bundle().site();
            SortedMap<SiteId, SignedBundle> roster = new TreeMap<>(dealt.roster());
            SignedBundle earlier = roster.put(dealer, bundle);
            unless(
                    earlier == null
                            || Arrays.equals(
                                    earlier.record().value(), bundle.record().value()),
                    Refusal.BAD_BUNDLE,
                    "the roster holds two different bundles of " + dealer);
            return new SiteState.Dealt(dealt.terms(), roster);
        } catch (RefusedStepException e) {
            return refuseBlock(step, dealt, e);
        }
    }

    /** Checks the seal. */
    SiteState seal(Step step, SiteState.Dealt dealt) throws RejectedRecordException {
        int number = dealt.terms().block().number();
        try {
            Seal seal = step.record().payload(Seal.class);
            unless(
                    seal.getBlock() == number,
                    Refusal.BAD_SEAL,
                    "block %d is sealed while block %d waits".formatted(seal.getBlock(), number));
            if (!RosterCheck.members(seal).contains(site.self())) {
                return sitOut(step, dealt, "it was sealed without this site's bundle");
            }
            byte[] own = site.journal().bundle(number).orElse(new byte[0]);
            SealedBlock block = rosters.seal(dealt.terms(), dealt.roster(), seal, own);
            if (step.live()) {
                site.progress().on(new SiteEvent.Sealed(number, block.roster().size()));
            }
            return new SiteState.Sealed(block, 0);
        } catch (RefusedStepException e) {
            return refuseBlock(step, dealt, e);
        }
    }

    private SiteState refuseBlock(Step step, SiteState.Dealt dealt, RefusedStepException refusal) {
        report(step, refusal);
        return sitOut(step, dealt, "its roster was refused");
    }

    private SiteState sitOut(Step step, SiteState.Dealt dealt, String why) {
        BlockTerms terms = dealt.terms();
        return sitOut(
                step, new SiteState.SittingOut(terms.block().number(), terms.firstRound() + terms.rounds() - 1), why);
    }

    private SiteState sitOut(Step step, BlockOffer offer, String why) {
        return sitOut(step, outOf(offer), why);
    }

    private SiteState sitOut(Step step, SiteState.SittingOut out, String why) {
        if (step.live()) {
            site.progress().on(new SiteEvent.SatOut(out.block(), why));
        }
        return out;
    }

    private static SiteState.SittingOut outOf(BlockOffer offer) {
        long last = (long) offer.getFirstRound() + offer.getRounds() - 1;
        return new SiteState.SittingOut(offer.getBlock(), (int) Math.min(Integer.MAX_VALUE, last));
    }

    private void report(Step step, RefusedStepException e) {
        if (step.live()) {
            site.progress().on(new SiteEvent.Refused(e.refusal(), e.detail()));
        }
    }

    private void send(byte[] message) throws UnavailableException {
        site.outbox().send(List.of(new Outbox.Message(Topics.SITES.name(), RecordKeys.site(site.self()), message)));
    }
}
