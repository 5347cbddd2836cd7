package dev.sotto.contracts.audit;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.BeaconCodec;
import dev.sotto.contracts.BlockOfferCodec;
import dev.sotto.contracts.BundleCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Beacon;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Roster;
import dev.sotto.contracts.avro.Seal;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.SealHash;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One block from its offer to its last round. Of the bundles only the hashes are kept, so that a long transcript fits into
 * little memory. Where the terms do not hold, what depends on them is not checked. Not thread-safe.
 */
final class BlockAudit {
    private final AuditContext context;
    private final Findings findings;
    private final BlockOffer offer;
    private final TranscriptPosition offered;
    private final SortedMap<SiteId, byte[]> bundles = new TreeMap<>();
    private final SortedSet<SiteId> members = new TreeSet<>();
    private final SortedSet<SiteId> countersigned = new TreeSet<>();
    private final List<RoundAudit> rounds = new ArrayList<>();
    private @Nullable BlockTerms terms;
    private byte[] sealHash = new byte[0];
    private long dealableFrom;
    private Outcome outcome = Outcome.RUNNING;
    private long last;

    /** Begins at an offer, which is checked elsewhere. */
    BlockAudit(AuditContext context, BlockOffer offer, TranscriptPosition offered) {
        this.context = context;
        this.findings = context.findings();
        this.offer = offer;
        this.offered = offered;
        this.dealableFrom = offered.sequence();
        this.last = offered.sequence();
        if (offer.getDegree() == 0) {
            try {
                terms = BlockOfferCodec.terms(context.task().id(), offer);
            } catch (RejectedRecordException e) {
                terms = null;
            }
        }
    }

    /** Draws the mask graph again from what was revealed. */
    void beacon(Beacon beacon, long sequence) {
        findings.same(Rule.BEACON, "block", offer.getBlock(), beacon.getBlock());
        dealableFrom = sequence;
        for (ByteBuffer reveal : beacon.getReveals()) {
            checkReveal(reveal);
        }
        try {
            byte[] drawn = new BeaconCodec(context.verifier())
                    .beacon(context.task().id(), offer, offered.head(), beacon.getReveals());
            terms = BlockOfferCodec.terms(context.task().id(), offer, drawn);
        } catch (RejectedRecordException e) {
            findings.add(
                    Rule.BEACON,
                    "exactly one nonce of each of the %d members, as committed to"
                            .formatted(offer.getCohort().size()),
                    String.valueOf(e.getMessage()));
        }
    }

    private void checkReveal(ByteBuffer value) {
        try {
            SignedRecord reveal = context.verifier().open(AvroCodec.bytes(value));
            findings.unless(
                    reveal.position().equals(offered),
                    Rule.OTHER_TRANSCRIPT,
                    "a nonce of %s revealed under the offer at %s".formatted(reveal.signer(), offered),
                    "revealed under " + reveal.position());
        } catch (RejectedRecordException e) {
            findings.add(Rule.BEACON, "a nonce that its site signed", String.valueOf(e.getMessage()));
        }
    }

    /** Takes a member's bundle. */
    void roster(Roster roster, long sequence) {
        findings.same(Rule.BUNDLE, "block", offer.getBlock(), roster.getBlock());
        SignedRecord bundle;
        try {
            bundle = context.verifier().open(AvroCodec.bytes(roster.getBundle()));
        } catch (RejectedRecordException e) {
            findings.add(Rule.BUNDLE, "a bundle that its site signed", String.valueOf(e.getMessage()));
            return;
        }
        if (!findings.unless(
                bundle.kind() == Kind.BUNDLE
                        && bundle.task().equals(context.task().id())
                        && offeredTo(bundle.signer()),
                Rule.BUNDLE,
                "a BUNDLE of a site in the cohort, for task " + context.task().id(),
                "a %s of %s for task %s".formatted(bundle.kind(), bundle.signer(), bundle.task()))) {
            return;
        }
        SiteId dealer = new SiteId(bundle.signer());
        byte[] earlier = bundles.putIfAbsent(dealer, bundle.hash());
        if (earlier != null) {
            findings.same(Rule.BUNDLE, "only bundle of " + dealer, earlier, bundle.hash());
            return;
        }
        long dealtAt = bundle.position().sequence();
        findings.unless(
                dealtAt >= dealableFrom && dealtAt < sequence && context.chain().knows(bundle.position()),
                Rule.OTHER_TRANSCRIPT,
                "a bundle of %s dealt at a record of this transcript from %d on".formatted(dealer, dealableFrom),
                "dealt at " + bundle.position());
        checkFit(dealer, bundle);
    }

    private boolean offeredTo(String site) {
        for (CohortMember member : offer.getCohort()) {
            if (member.getSite().equals(site)) {
                return true;
            }
        }
        return false;
    }

    private void checkFit(SiteId dealer, SignedRecord bundle) {
        if (terms == null) {
            return;
        }
        try {
            BundleCodec.fromRecord(context.task().id(), dealer, bundle.payload(SiteBundle.class))
                    .requireFits(terms);
        } catch (RejectedRecordException | IllegalArgumentException e) {
            findings.add(
                    Rule.BUNDLE,
                    "a bundle of %s that fits the offer".formatted(dealer),
                    String.valueOf(e.getMessage()));
        }
    }

    /** Computes the seal again. */
    void seal(Seal seal) {
        outcome = Outcome.SEALED;
        sealHash = AvroCodec.bytes(seal.getSealHash());
        findings.same(Rule.SEAL, "block", offer.getBlock(), seal.getBlock());
        SortedSet<String> named = new TreeSet<>(seal.getMembers());
        findings.same(
                Rule.SEAL, "number of different members", seal.getMembers().size(), named.size());
        SortedSet<String> dealt = new TreeSet<>();
        bundles.keySet().forEach(site -> dealt.add(site.value()));
        if (named.equals(dealt)) {
            members.addAll(bundles.keySet());
        } else {
            findings.add(
                    Rule.SEAL, "the members whose bundles are there, " + Findings.names(dealt), Findings.names(named));
            bundles.keySet().stream()
                    .filter(site -> named.contains(site.value()))
                    .forEach(members::add);
        }
        int least = Math.max(context.task().definition().rounds().minCohort(), leastSurvivors());
        findings.unless(
                named.size() >= least, Rule.COHORT, "at least %d members".formatted(least), named.size() + " members");
        if (!bundles.isEmpty()) {
            findings.same(Rule.SEAL, "seal over the bundles", SealHash.of(bundles), sealHash);
        }
    }

    /** On a sparse graph the threshold is one of neighbours and says nothing about the whole. */
    int leastSurvivors() {
        return offer.getDegree() == 0 ? offer.getThreshold() : 0;
    }

    void aborted() {
        outcome = Outcome.ABORTED;
    }

    void add(RoundAudit round) {
        rounds.add(round);
    }

    void countersign(SiteId site) {
        countersigned.add(site);
    }

    /** Notes that a record up to this one is about the block. */
    void touch(long sequence) {
        last = sequence;
    }

    int number() {
        return offer.getBlock();
    }

    int firstRound() {
        return offer.getFirstRound();
    }

    int lastRound() {
        return offer.getFirstRound() + offer.getRounds() - 1;
    }

    boolean isComplete() {
        return offer.getDegree() == 0;
    }

    /** The terms; empty if the offer or the beacon gives none. */
    Optional<BlockTerms> terms() {
        return Optional.ofNullable(terms);
    }

    SortedSet<SiteId> members() {
        return Collections.unmodifiableSortedSet(members);
    }

    /** The seal as published, which is what the sites worked with. */
    byte[] sealHash() {
        return sealHash.clone();
    }

    BlockReport report(BiFunction<Long, Long, Standing> standing) {
        return new BlockReport(
                number(),
                offered.sequence(),
                last,
                offer.getCohort().size(),
                offer.getDegree(),
                offer.getThreshold(),
                members.size(),
                countersigned.size(),
                HexFormat.of().formatHex(sealHash),
                outcome,
                standing.apply(offered.sequence(), last),
                rounds.stream().map(round -> round.report(standing)).toList());
    }
}
