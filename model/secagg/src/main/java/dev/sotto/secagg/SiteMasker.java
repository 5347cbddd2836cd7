package dev.sotto.secagg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A site's masks for one round: its self-mask and one pairwise mask with every announced neighbour of its group
 * (Bonawitz et al. 2017, section 4; on a sparse graph Bell et al. 2020, section 3). Masks are added modulo 2^32, for the whole vector at once or chunk by chunk; each entry is masked
 * exactly once. Not thread-safe. Closing it erases the seeds.
 */
public final class SiteMasker implements AutoCloseable {
    private final List<SignedSeed> seeds;
    private final MaskExpander expander = new MaskExpander();

    private SiteMasker(List<SignedSeed> seeds) {
        this.seeds = seeds;
    }

    /**
     * Derives the seeds of a round.
     *
     * @param roster the sealed bundles of this site and its neighbours at least, whose signatures and inclusion in the
     *     seal the caller has checked
     * @param sealHash 32 bytes, what {@link SealHash} gives for the roster
     * @param modelHash 32 bytes, of the model that this site trained from
     * @param groups the sites expected in the round, this one included
     * @throws RefusedException if the round is unknown or erased, or the roster or the announced sites will not do
     * @throws IllegalArgumentException if a hash is not 32 bytes long
     */
    public static SiteMasker of(
            BlockSecrets secrets,
            Map<SiteId, Bundle> roster,
            byte[] sealHash,
            RoundId round,
            byte[] modelHash,
            RoundGroups groups)
            throws RefusedException {
        SortedMap<SiteId, RoundKeys> dealt = RoundGate.check(secrets, roster, round, groups);
        SiteId self = secrets.self();
        RoundSecrets own = secrets.of(round);
        dealt.keySet().retainAll(groups.partners(self, secrets.terms().graph()));
        List<SignedSeed> seeds = new ArrayList<>(1 + dealt.size());
        byte[] selfMask = own.selfMask().bytes();
        seeds.add(new SignedSeed(MaskSeed.of(selfMask), false));
        Arrays.fill(selfMask, (byte) 0);
        dealt.forEach((other, keys) -> seeds.add(pairwise(own, keys, sealHash, round, modelHash, self, other)));
        return new SiteMasker(seeds);
    }

    private static SignedSeed pairwise(
            RoundSecrets own,
            RoundKeys keys,
            byte[] sealHash,
            RoundId round,
            byte[] modelHash,
            SiteId self,
            SiteId other) {
        byte[] shared = own.maskKey().agree(keys.maskKey());
        try {
            MaskSeed seed = PairwiseMask.seed(shared, sealHash, round, modelHash, self, other);
            return new SignedSeed(seed, !PairwiseMask.adds(self, other));
        } finally {
            Arrays.fill(shared, (byte) 0);
        }
    }

    /** Masks a whole vector in place. */
    public void mask(int[] encoded) {
        mask(0, encoded, 0, encoded.length);
    }

    /**
     * Masks a part in place: {@code target[from .. from + count]} holds the entries of the vector from
     * {@code firstEntry} on.
     *
     * @param firstEntry a multiple of 4
     * @throws IllegalStateException if the masker has been closed
     */
    public void mask(long firstEntry, int[] target, int from, int count) {
        for (SignedSeed seed : seeds) {
            seed.apply(expander, firstEntry, target, from, count);
        }
    }

    List<SignedSeed> seeds() {
        return seeds;
    }

    @Override
    public void close() {
        seeds.forEach(seed -> seed.seed().destroy());
    }
}
