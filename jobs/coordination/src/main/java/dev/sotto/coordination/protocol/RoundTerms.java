package dev.sotto.coordination.protocol;

import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.util.SortedSet;

/**
 * What a round is about, fixed before it is paid for.
 *
 * @param round the round
 * @param block the block whose keys it uses
 * @param sealHash the block's seal
 * @param threshold shares it takes to reconstruct a secret
 * @param announced the sites expected to upload
 * @param model the model they train from
 */
public record RoundTerms(
        RoundId round, int block, byte[] sealHash, int threshold, SortedSet<SiteId> announced, ModelRef model) {}
