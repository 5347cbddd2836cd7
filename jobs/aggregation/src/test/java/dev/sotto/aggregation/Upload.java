package dev.sotto.aggregation;

import dev.sotto.secagg.SiteId;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a site sends for a round, and what nobody but the test may know.
 *
 * @param site the site
 * @param plain its encoded update before masking
 * @param root the Merkle root
 * @param chunks MaskedChunk records
 * @param signing signs the manifest, once the round is open
 */
public record Upload(SiteId site, int[] plain, byte[] root, List<byte[]> chunks, Supplier<byte[]> signing) {
    /** The signed manifest; it answers the round's opening if that was said before. */
    public byte[] manifest() {
        return signing.get();
    }

    /** The same with other chunks. */
    public Upload withChunks(List<byte[]> others) {
        return new Upload(site, plain, root, List.copyOf(others), signing);
    }
}
