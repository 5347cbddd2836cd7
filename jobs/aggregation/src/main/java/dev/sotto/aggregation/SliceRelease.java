package dev.sotto.aggregation;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SeedCodec;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.federation.EncodingSettings;
import dev.sotto.federation.FedAvg;
import dev.sotto.federation.UpdateEncoder;
import dev.sotto.privacy.Digest;
import dev.sotto.privacy.NoiseContext;
import dev.sotto.privacy.ReleaseNoise;
import dev.sotto.secagg.MaskExpander;
import dev.sotto.secagg.SignedSeed;
import java.util.Arrays;
import java.util.List;

/**
 * The last step of a round on one slice: masks off, noise on, mean, server step. The exact sum exists in here alone and is
 * erased; what leaves is its hash and the noised model. Not thread-safe.
 */
final class SliceRelease {
    private static final double SERVER_LEARNING_RATE = 1;

    private final EncodingSettings encoding;
    private final ReleaseNoise noise;
    private final MaskExpander expander = new MaskExpander();

    SliceRelease(EncodingSettings encoding, ReleaseNoise noise) {
        this.encoding = encoding;
        this.noise = noise;
    }

    /**
     * Releases the slice.
     *
     * @param round complete
     * @param masked the masked sum, which is overwritten
     * @param parent the slice of the model that sites trained from
     */
    ModelSlice release(RoundSlice round, int chunk, int[] masked, float[] parent) {
        RoundTerms terms = round.terms();
        for (SignedSeed seed : seeds(round)) {
            seed.apply(expander, terms.firstEntry(chunk), masked, 0, masked.length);
            seed.seed().destroy();
        }
        byte[] sumHash = Digest.sha256(masked).bytes();
        List<String> survivors = round.survivors();
        noise.addTo(masked, new NoiseContext(terms.task(), terms.round(), survivors, chunk));
        float[] mean = UpdateEncoder.decodeMean(encoding, masked, survivors.size());
        Arrays.fill(masked, 0);
        return new ModelSlice(terms, chunk, survivors, sumHash, FedAvg.step(parent, mean, SERVER_LEARNING_RATE));
    }

    private static List<SignedSeed> seeds(RoundSlice round) {
        try {
            return SeedCodec.fromRecord(AvroCodec.decode(round.seeds(), UnmaskSeeds.class));
        } catch (RejectedRecordException e) {
            throw new IllegalStateException("seeds are checked where they are read", e);
        }
    }
}
