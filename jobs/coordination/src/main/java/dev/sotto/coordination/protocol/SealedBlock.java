package dev.sotto.coordination.protocol;

import dev.sotto.secagg.SiteId;
import java.util.SortedSet;

/**
 * A block whose bundles are fixed.
 *
 * @param number the block's number
 * @param lastRound the last round it has keys for
 * @param threshold shares it takes to reconstruct a secret
 * @param members sites with a bundle
 * @param sealHash the seal over their bundles
 */
public record SealedBlock(int number, int lastRound, int threshold, SortedSet<SiteId> members, byte[] sealHash) {}
