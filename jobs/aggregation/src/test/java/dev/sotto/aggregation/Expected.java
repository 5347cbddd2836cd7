package dev.sotto.aggregation;

import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.FedAvg;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.UpdateEncoder;
import dev.sotto.privacy.Digest;
import dev.sotto.privacy.NoiseContext;
import dev.sotto.privacy.ReleaseNoise;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/**
 * What a round must give, from the plain updates and with no part of the job but the libraries.
 *
 * @param checkpoint the next model
 * @param aggregateHash the hash of the exact sum
 */
record Expected(Checkpoint checkpoint, byte[] aggregateHash) {
    static Expected of(
            TaskDefinition task, int round, Checkpoint parent, Collection<Upload> survivors, ReleaseNoise noise)
            throws Exception {
        int[] sum = new int[task.layout().paddedSize()];
        for (Upload upload : survivors) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += upload.plain()[i];
            }
        }
        List<String> sites =
                survivors.stream().map(upload -> upload.site().value()).sorted().toList();
        MessageDigest hash = MessageDigest.getInstance("SHA-256");
        int size = task.encoding().chunkEntries();
        for (int chunk = 0; chunk * size < sum.length; chunk++) {
            int to = Math.min(sum.length, (chunk + 1) * size);
            int[] slice = Arrays.copyOfRange(sum, chunk * size, to);
            hash.update(Digest.sha256(slice).bytes());
            noise.addTo(slice, new NoiseContext(task.task(), round, sites, chunk));
            System.arraycopy(slice, 0, sum, chunk * size, slice.length);
        }
        float[] mean = UpdateEncoder.decodeMean(task.encoding(), sum, sites.size());
        float[] next =
                FedAvg.step(parent.vector(), Arrays.copyOf(mean, task.layout().size()), 1);
        Checkpoint checkpoint = Checkpoint.create(
                task,
                parent.manifest().version() + 1,
                round,
                HexFormat.of().formatHex(parent.sha256()),
                sites.size(),
                0.5 * round,
                2.5 * round,
                next);
        return new Expected(checkpoint, hash.digest());
    }

    /** No noise at all: with it the sum itself can be compared. */
    static ReleaseNoise silence() {
        return (sum, context) -> {};
    }
}
