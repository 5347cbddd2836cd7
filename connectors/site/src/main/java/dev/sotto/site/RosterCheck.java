package dev.sotto.site;

import static dev.sotto.site.RefusedStepException.unless;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.BundleCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Roster;
import dev.sotto.contracts.avro.Seal;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.Bundle;
import dev.sotto.secagg.SealHash;
import dev.sotto.secagg.SiteId;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Checks the members' bundles and the seal over them. Every member's signature is checked, but only this site's and its
 * neighbours' bundles are opened: on a sparse graph the others' are most of the bytes and concern others. Stateless.
 */
final class RosterCheck {
    private final SiteContext site;

    RosterCheck(SiteContext site) {
        this.site = site;
    }

    /**
     * The roster with one more member's bundle: signed by it, and if it is a neighbour's, for this block and with all that
     * the terms ask for.
     *
     * @throws RefusedStepException if it is not
     */
    SortedMap<SiteId, RosterEntry> extended(SiteState.Dealt dealt, Roster roster) throws RefusedStepException {
        SortedMap<SiteId, RosterEntry> extended = new TreeMap<>(dealt.roster());
        try {
            SignedRecord record = site.verifier().open(AvroCodec.bytes(roster.getBundle()));
            SiteId dealer = new SiteId(record.signer());
            RosterEntry entry = entry(dealt.terms(), dealer, record);
            RosterEntry earlier = extended.put(dealer, entry);
            unless(
                    earlier == null || Arrays.equals(earlier.hash(), entry.hash()),
                    Refusal.BAD_BUNDLE,
                    "the roster holds two different bundles of " + dealer);
            return extended;
        } catch (RejectedRecordException | IllegalArgumentException e) {
            throw new RefusedStepException(Refusal.BAD_BUNDLE, "a bundle of the roster: " + e.getMessage());
        }
    }

    private RosterEntry entry(BlockTerms terms, SiteId dealer, SignedRecord record)
            throws RefusedStepException, RejectedRecordException {
        unless(
                record.kind() == Kind.BUNDLE
                        && record.task().equals(terms.block().task())
                        && terms.cohort().containsKey(dealer),
                Refusal.BAD_BUNDLE,
                "the roster holds a %s of %s for task %s".formatted(record.kind(), dealer, record.task()));
        boolean own = dealer.equals(site.self());
        if (!own && !terms.graph().neighbours(site.self()).contains(dealer)) {
            return new RosterEntry(record.hash(), null);
        }
        Bundle bundle = BundleCodec.fromRecord(record.task(), dealer, record.payload(SiteBundle.class));
        bundle.requireFits(terms);
        byte[] sent = own ? site.journal().bundle(terms.block().number()).orElse(new byte[0]) : new byte[0];
        unless(
                !own || Arrays.equals(record.value(), sent),
                Refusal.OWN_BUNDLE_REPLACED,
                "the roster holds another bundle of this site than it sent");
        return new RosterEntry(record.hash(), bundle);
    }

    /**
     * The sealed block, with or without this site.
     *
     * @throws RefusedStepException if the seal does not cover exactly what this site has seen
     */
    SealedBlock sealed(SiteState.Dealt dealt, Seal seal) throws RefusedStepException {
        BlockTerms terms = dealt.terms();
        int number = terms.block().number();
        unless(
                seal.getBlock() == number,
                Refusal.BAD_SEAL,
                "block %d is sealed while block %d waits".formatted(seal.getBlock(), number));
        SortedSet<SiteId> members = members(seal);
        unless(
                members.equals(dealt.roster().keySet()),
                Refusal.BAD_SEAL,
                "the seal is over %s but the roster holds bundles of %s"
                        .formatted(members, dealt.roster().keySet()));
        int least = Math.max(site.task().rounds().minCohort(), terms.graph().isComplete() ? terms.threshold() : 0);
        unless(
                members.size() >= least,
                Refusal.COHORT_TOO_SMALL,
                "block %d is sealed with %d members; it takes %d".formatted(number, members.size(), least));
        SortedMap<SiteId, byte[]> hashes = new TreeMap<>();
        SortedMap<SiteId, Bundle> bundles = new TreeMap<>();
        dealt.roster().forEach((member, entry) -> {
            hashes.put(member, entry.hash());
            Bundle bundle = entry.bundle();
            if (bundle != null) {
                bundles.put(member, bundle);
            }
        });
        byte[] hash = SealHash.of(hashes);
        unless(
                Arrays.equals(hash, AvroCodec.bytes(seal.getSealHash())),
                Refusal.BAD_SEAL,
                "the seal's hash is not that of the %d bundles".formatted(members.size()));
        return new SealedBlock(terms, members, bundles, hash);
    }

    private static SortedSet<SiteId> members(Seal seal) throws RefusedStepException {
        SortedSet<SiteId> members = new TreeSet<>();
        try {
            for (String member : seal.getMembers()) {
                unless(members.add(new SiteId(member)), Refusal.BAD_SEAL, "the seal names " + member + " twice");
            }
        } catch (IllegalArgumentException e) {
            throw new RefusedStepException(Refusal.BAD_SEAL, "a member of the seal: " + e.getMessage());
        }
        return members;
    }
}
