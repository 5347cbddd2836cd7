package dev.sotto.coordination.protocol;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.BundleCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.secagg.AgreementPublicKey;
import dev.sotto.secagg.BlockId;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.Bundle;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.SurvivorSet;
import dev.sotto.secagg.UnmaskShares;
import dev.sotto.secagg.Unmasking;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One round's part of a block's bundles: all that unmasking it takes. A round holds its own part, so that no function
 * carries the keys of a whole block from round to round.
 *
 * @param round the round
 * @param block the block's number
 * @param threshold shares it takes to reconstruct a secret
 * @param cohort the encryption key of every site that was offered the block; their order gives the shares' places
 * @param bundles Avro binary of a {@code SiteBundle} with this round alone, of every member
 */
public record RoundRoster(
        RoundId round, int block, int threshold, SortedMap<SiteId, byte[]> cohort, SortedMap<SiteId, byte[]> bundles) {
    static RoundRoster of(RoundId round, BlockTerms terms, SortedMap<SiteId, SiteRecord> dealt)
            throws RejectedRecordException {
        SortedMap<SiteId, byte[]> cohort = new TreeMap<>();
        terms.cohort().forEach((site, key) -> cohort.put(site, key.bytes()));
        SortedMap<SiteId, byte[]> bundles = new TreeMap<>();
        for (SiteRecord record : dealt.values()) {
            Bundle whole = BundleCodec.fromRecord(round.task(), record.site(), record.payload(SiteBundle.class));
            Bundle part = new Bundle(whole.block(), whole.site(), List.of(whole.round(round.number())));
            bundles.put(record.site(), AvroCodec.encode(BundleCodec.toRecord(part)));
        }
        return new RoundRoster(
                round,
                terms.block().number(),
                terms.threshold(),
                Collections.unmodifiableSortedMap(cohort),
                Collections.unmodifiableSortedMap(bundles));
    }

    /** Opens the round's collection with the answers accepted so far. */
    Unmasking unmasking(RoundTerms terms, SurvivorSet survivors, List<UnmaskShares> accepted)
            throws RejectedRecordException {
        Map<SiteId, Bundle> roster = new TreeMap<>();
        for (Map.Entry<SiteId, byte[]> bundle : bundles.entrySet()) {
            SiteBundle record = AvroCodec.decode(bundle.getValue(), SiteBundle.class);
            roster.put(bundle.getKey(), BundleCodec.fromRecord(round.task(), bundle.getKey(), record));
        }
        return new Unmasking(
                blockTerms(), roster, terms.sealHash(), terms.model().sha256(), survivors, accepted);
    }

    /** The block's terms cut down to this round. */
    private BlockTerms blockTerms() {
        SortedMap<SiteId, AgreementPublicKey> keys = new TreeMap<>();
        cohort.forEach((site, key) -> keys.put(site, AgreementPublicKey.of(key)));
        return new BlockTerms(new BlockId(round.task(), block), round.number(), 1, keys, threshold);
    }
}
