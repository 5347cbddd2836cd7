package dev.sotto.coordination.protocol;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.BundleCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.secagg.BlockId;
import dev.sotto.secagg.Bundle;
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
    /** Opens the round's collection with the answers accepted so far. */
    Unmasking unmasking(RoundTerms terms, SurvivorSet survivors, List<UnmaskShares> accepted)
            throws RejectedRecordException {
        Map<SiteId, Bundle> roster = new TreeMap<>();
        for (Map.Entry<SiteId, byte[]> bundle : bundles.entrySet()) {
            SiteBundle record = AvroCodec.decode(bundle.getValue(), SiteBundle.class);
            roster.put(bundle.getKey(), BundleCodec.fromRecord(round.task(), bundle.getKey(), record));
        }
        // The block's terms cut down to this round.
        return new Unmasking(
                graph.terms(new BlockId(round.task(), block), round.number(), 1),
                roster,
                terms.sealHash(),
                terms.model().sha256(),
                survivors,
                accepted);
    }
}
