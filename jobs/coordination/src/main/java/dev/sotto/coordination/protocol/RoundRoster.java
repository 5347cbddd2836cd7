package dev.sotto.coordination.protocol;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.BundleCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.secagg.AnswerCheck;
import dev.sotto.secagg.BlockId;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.Bundle;
import dev.sotto.secagg.OpenedShare;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.SurvivorSet;
import dev.sotto.secagg.UnmaskShares;
import dev.sotto.secagg.Unmasking;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One round's part of a block's bundles: all that unmasking it takes. A round holds its own part, so that no function
 * carries the keys of a whole block.
 *
 * @param round the round
 * @param block the block's number
 * @param graph who masks against whom in the block
 * @param bundles Avro binary of a {@code SiteBundle} with this round alone, of every member
 */
public record RoundRoster(RoundId round, int block, BlockGraph graph, SortedMap<SiteId, byte[]> bundles) {
    /** Holds a site's answer against the bundles of those whose shares it gives. */
    AnswerCheck.Checked check(SurvivorSet survivors, UnmaskShares answer) throws RejectedRecordException {
        Map<SiteId, Bundle> named = new TreeMap<>();
        for (OpenedShare share : answer.shares()) {
            byte[] bundle = bundles.get(share.of());
            if (bundle != null && !named.containsKey(share.of())) {
                named.put(share.of(), bundle(share.of(), bundle));
            }
        }
        return new AnswerCheck(blockTerms(), survivors).check(answer, named);
    }

    /** Opens the round's collection with the answers accepted so far. */
    Unmasking unmasking(RoundTerms terms, SurvivorSet survivors, List<UnmaskShares> accepted)
            throws RejectedRecordException {
        Map<SiteId, Bundle> roster = new TreeMap<>();
        for (Map.Entry<SiteId, byte[]> bundle : bundles.entrySet()) {
            roster.put(bundle.getKey(), bundle(bundle.getKey(), bundle.getValue()));
        }
        return new Unmasking(
                blockTerms(), roster, terms.sealHash(), terms.model().sha256(), survivors, accepted);
    }

    private Bundle bundle(SiteId dealer, byte[] bytes) throws RejectedRecordException {
        return BundleCodec.fromRecord(round.task(), dealer, AvroCodec.decode(bytes, SiteBundle.class));
    }

    /** The block's terms cut down to this round. */
    private BlockTerms blockTerms() {
        return graph.terms(new BlockId(round.task(), block), round.number(), 1);
    }
}
