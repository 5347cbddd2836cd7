package dev.sotto.aggregation;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SeedCodec;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.federation.ChunkLayout;
import dev.sotto.federation.EncodingSettings;
import dev.sotto.federation.GroupMean;
import dev.sotto.federation.Moments;
import dev.sotto.federation.RobustCombination;
import dev.sotto.federation.RoundMetrics;
import dev.sotto.federation.ServerOptimizer;
import dev.sotto.federation.ServerStep;
import dev.sotto.federation.SumDecoder;
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
    private final EncodingSettings encoding;
    private final Ring ring;
    private final ChunkLayout layout;
    private final SumDecoder decoder;
    private final boolean noised;
    private final RobustCombination combination;
    private final ServerOptimizer optimizer;
    private final ReleaseNoise noise;
    private final NoiseTakenOff takenOff;
    private final MaskExpander expander = new MaskExpander();

    SliceRelease(TaskDefinition task, ReleaseNoise noise) {
        this.encoding = task.encoding();
        this.ring = encoding.ring();
        this.layout = task.chunks();
        this.decoder = new SumDecoder(task);
        this.noised = !task.privacy().central();
        this.combination = new RobustCombination(task.robust());
        this.optimizer = new ServerOptimizer(task.server());
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
        List<GroupMean> means = new ArrayList<>();
        RoundMetrics metrics = RoundMetrics.NONE;
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
            GroupMean mean = decoder.decode(sum, new SumTerms(terms.id(), chunk, announced, sites.size()));
            Arrays.fill(sum, 0);
            means.add(mean);
            metrics = metrics.plus(mean.metrics());
        }
        int first = layout.firstParameter(chunk);
        float[] update = combination.combine(means);
        enlarge(update, encoding.enlargement(terms.clipNorm()));
        float[] slice = Arrays.copyOfRange(parent, first, first + update.length);
        ServerStep step = optimizer.step(slice, update, moments);
        // An adaptive clip has one group.
        double unclipped = means.get(0).unclipped();
        return new Released(
                new ModelSlice(terms, chunk, round.survivors(), hashes.toByteArray(), metrics, unclipped, step.model()),
                step.moments());
    }

    private static void enlarge(float[] update, double enlargement) {
        if (enlargement != 1) {
            for (int i = 0; i < update.length; i++) {
                update[i] = (float) (update[i] * enlargement);
            }
        }
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
