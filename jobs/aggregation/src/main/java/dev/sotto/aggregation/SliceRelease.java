package dev.sotto.aggregation;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SeedCodec;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.federation.ChunkLayout;
import dev.sotto.federation.Moments;
import dev.sotto.federation.RoundMetrics;
import dev.sotto.federation.SliceStep;
import dev.sotto.federation.SumTerms;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.privacy.Digest;
import dev.sotto.privacy.NoiseContext;
import dev.sotto.privacy.ReleaseNoise;
import dev.sotto.secagg.MaskExpander;
import dev.sotto.secagg.Ring;
import dev.sotto.secagg.SignedSeed;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/**
 * The last step of a round on one slice: for every group masks off, noise on, or where the sites have added it what is too much of it off, mean; then the groups combined and the server's
 * step. Exact sums exist in here alone and are erased; what leaves is their hashes and the noised model. Not thread-safe.
 */
final class SliceRelease {
    private final Ring ring;
    private final ChunkLayout layout;
    private final boolean noised;
    private final SliceStep step;
    private final ReleaseNoise noise;
    private final NoiseTakenOff takenOff;
    private final MaskExpander expander = new MaskExpander();

    SliceRelease(TaskDefinition task, ReleaseNoise noise) {
        this.ring = task.encoding().ring();
        this.layout = task.chunks();
        this.noised = !task.privacy().central();
        this.step = new SliceStep(task);
        this.noise = noise;
        this.takenOff = new NoiseTakenOff(task);
    }

    /**
     * A released slice.
     *
     * @param slice of the next model
     * @param moments what the next step from it needs
     */
    record Released(ModelSlice slice, Moments moments) {}

    /**
     * Releases the slice.
     *
     * @param round ready, under these terms
     * @param masked the groups' masked sums, which are overwritten
     * @param parent the whole model that sites trained from
     * @param moments the slice's, of that model
     */
    Released release(
            RoundSlice round, RoundTerms terms, int chunk, List<int[]> masked, float[] parent, Moments moments) {
        UnmaskSeeds unmasking = unmasking(round);
        SortedMap<Integer, List<SignedSeed>> seeds = seeds(unmasking);
        ByteArrayOutputStream hashes = new ByteArrayOutputStream(masked.size() * Digest.LENGTH);
        List<SumTerms> sums = new ArrayList<>();
        for (int group = 0; group < masked.size(); group++) {
            int[] sum = masked.get(group);
            unmask(sum, chunk, seeds.getOrDefault(group, List.of()));
            // Of the sum as the survivors made it: it says nothing of who gave noise away afterwards.
            hashes.writeBytes(Digest.sha256(sum).bytes());
            takenOff.from(sum, chunk, terms, unmasking);
            List<String> sites = terms.inGroup(group, round.survivors());
            if (!noised) {
                addNoise(sum, terms, sites, chunk);
            }
            ring.centre(sum);
            int announced = terms.inGroup(group, terms.announced()).size();
            sums.add(new SumTerms(terms.id(), chunk, announced, sites.size()));
        }
        SliceStep.Result made = step.take(masked, sums, terms.clipNorm(), parent, moments);
        return new Released(
                new ModelSlice(
                        terms,
                        chunk,
                        round.survivors(),
                        hashes.toByteArray(),
                        made.metrics(),
                        made.unclipped(),
                        made.step().model()),
                made.step().moments());
    }

    private void unmask(int[] sum, int chunk, List<SignedSeed> seeds) {
        for (SignedSeed seed : seeds) {
            seed.apply(expander, layout.firstEntry(chunk), sum, 0, sum.length);
            seed.seed().destroy();
        }
        ring.reduce(sum);
    }

    /** The metrics are the same in every chunk, and so must their noise be: they are released once. */
    private void addNoise(int[] sum, RoundTerms terms, List<String> sites, int chunk) {
        addNoise(
                sum,
                0,
                RoundMetrics.ENTRIES,
                new NoiseContext(terms.task(), terms.round(), sites, NoiseContext.METRICS));
        addNoise(sum, RoundMetrics.ENTRIES, sum.length, new NoiseContext(terms.task(), terms.round(), sites, chunk));
    }

    private void addNoise(int[] sum, int from, int to, NoiseContext context) {
        int[] part = Arrays.copyOfRange(sum, from, to);
        noise.addTo(part, context);
        System.arraycopy(part, 0, sum, from, part.length);
        Arrays.fill(part, 0);
    }

    private static UnmaskSeeds unmasking(RoundSlice round) {
        try {
            return AvroCodec.decode(round.seeds(), UnmaskSeeds.class);
        } catch (RejectedRecordException e) {
            throw new IllegalStateException("seeds are checked where they are read", e);
        }
    }

    private static SortedMap<Integer, List<SignedSeed>> seeds(UnmaskSeeds unmasking) {
        try {
            return SeedCodec.fromRecord(unmasking);
        } catch (RejectedRecordException e) {
            throw new IllegalStateException("seeds are checked where they are read", e);
        }
    }
}
