package dev.sotto.aggregation;

import dev.sotto.secagg.SiteId;
import java.util.List;

/**
 * What a site sends for a round, and what nobody but the test may know.
 *
 * @param site the site
 * @param plain its encoded update before masking
 * @param root the Merkle root
 * @param chunks MaskedChunk records
 * @param manifest the signed manifest
 */
record Upload(SiteId site, int[] plain, byte[] root, List<byte[]> chunks, byte[] manifest) {}
