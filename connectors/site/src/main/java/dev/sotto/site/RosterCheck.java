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

/** Checks the members' bundles and the seal over them. Stateless. */
final class RosterCheck {
    private final SiteContext site;

    RosterCheck(SiteContext site) {
        this.site = site;
    }

    /**
     * A member's bundle: signed by it, for this block, and with all that the terms ask for.
     *
     * @throws RefusedStepException if it is not
     */
    SignedBundle bundle(BlockTerms terms, Roster roster) throws RefusedStepException {
        try {
            SignedRecord record = site.verifier().open(AvroCodec.bytes(roster.getBundle()));
            unless(
                    record.kind() == Kind.BUNDLE
                            && record.task().equals(terms.block().task()),
                    Refusal.BAD_BUNDLE,
                    "the roster holds a %s of task %s".formatted(record.kind(), record.task()));
            SiteId dealer = new SiteId(record.signer());
            Bundle bundle = BundleCodec.fromRecord(record.task(), dealer, record.payload(SiteBundle.class));
            bundle.requireFits(terms);
            return new SignedBundle(record, bundle);
        } catch (RejectedRecordException | IllegalArgumentException e) {
            throw new RefusedStepException(Refusal.BAD_BUNDLE, "a bundle of the roster: " + e.getMessage());
        }
    }

    /**
     * The sealed block.
     *
     * @param roster the bundles seen
     * @param own this site's bundle as it sent it
     * @throws RefusedStepException if the seal does not cover exactly what this site has seen
     */
    SealedBlock seal(BlockTerms terms, SortedMap<SiteId, SignedBundle> roster, Seal seal, byte[] own)
            throws RefusedStepException {
        SortedSet<SiteId> members = members(seal);
        unless(
                members.equals(roster.keySet()),
                Refusal.BAD_SEAL,
                "the seal is over %s but the roster holds bundles of %s".formatted(members, roster.keySet()));
        int least = Math.max(site.task().rounds().minCohort(), terms.threshold());
        unless(
                members.size() >= least,
                Refusal.COHORT_TOO_SMALL,
                "block %d is sealed with %d members; it takes %d"
                        .formatted(terms.block().number(), members.size(), least));
        SignedBundle mine = roster.get(site.self());
        unless(
                mine != null && Arrays.equals(mine.record().value(), own),
                Refusal.OWN_BUNDLE_REPLACED,
                "the roster holds another bundle of this site than it sent");
        SortedMap<SiteId, byte[]> hashes = new TreeMap<>();
        SortedMap<SiteId, Bundle> bundles = new TreeMap<>();
        roster.forEach((member, bundle) -> {
            hashes.put(member, bundle.record().hash());
            bundles.put(member, bundle.bundle());
        });
        byte[] hash = SealHash.of(hashes);
        unless(
                Arrays.equals(hash, AvroCodec.bytes(seal.getSealHash())),
                Refusal.BAD_SEAL,
                "the seal's hash is not that of the %d bundles".formatted(members.size()));
        return new SealedBlock(terms, bundles, hash);
    }

    /** The members a seal names. */
    static SortedSet<SiteId> members(Seal seal) throws RefusedStepException {
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
