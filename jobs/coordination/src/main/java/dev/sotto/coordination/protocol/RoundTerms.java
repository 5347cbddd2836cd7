package dev.sotto.coordination.protocol;

import dev.sotto.secagg.RoundGroups;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.util.SortedSet;

/**
 * What a round is about, fixed before it is paid for.
 *
 * @param round the round
 * @param block the block whose keys it uses
 * @param sealHash the block's seal
 * @param announced the sites expected to upload
 * @param groups how many groups they are summed in
 * @param model the model they train from
 * @param clipNorm the largest L2 norm of their updates
 */
public record RoundTerms(
        RoundId round,
        int block,
        byte[] sealHash,
        SortedSet<SiteId> announced,
        int groups,
        ModelRef model,
        double clipNorm) {
    /** Who is in which group. */
    RoundGroups parted() {
        return RoundGroups.draw(sealHash, round, announced, groups);
    }
}
