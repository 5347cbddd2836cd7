package dev.sotto.aggregation;

import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ChunkLayout;
import dev.sotto.federation.GroupMean;
import dev.sotto.federation.Moments;
import dev.sotto.federation.RobustCombination;
import dev.sotto.federation.RoundMetrics;
import dev.sotto.federation.ServerOptimizer;
import dev.sotto.federation.ServerStep;
import dev.sotto.federation.SumDecoder;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.privacy.Digest;
import dev.sotto.privacy.NoiseContext;
import dev.sotto.privacy.ReleaseNoise;
import dev.sotto.secagg.Ring;
import dev.sotto.secagg.RoundGroups;
import dev.sotto.secagg.SiteId;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;

/**
 * What a round must give, from the plain updates and with no part of the job but the libraries.
 *
 * @param checkpoint the next model
 * @param aggregateHash the hash of the exact sum
 * @param metrics the survivors' noised metrics
 * @param moments the optimizer's, by chunk
 */
public record Expected(Checkpoint checkpoint, byte[] aggregateHash, RoundMetrics metrics, List<Moments> moments) {
    /** Of a round in one group that starts the optimizer. */
    public static Expected of(
            TaskDefinition task, int round, Checkpoint parent, Collection<Upload> survivors, ReleaseNoise noise)
            throws Exception {
        TreeSet<SiteId> sites = new TreeSet<>();
        survivors.forEach(upload -> sites.add(upload.site()));
        return of(task, round, parent, survivors, noise, RoundGroups.single(sites), List.of());
    }

    public static Expected of(
            TaskDefinition task,
            int round,
            Checkpoint parent,
            Collection<Upload> survivors,
            ReleaseNoise noise,
            RoundGroups groups,
            List<Moments> before)
            throws Exception {
        ChunkLayout layout = task.chunks();
        float[] next = parent.vector();
        MessageDigest hash = MessageDigest.getInstance("SHA-256");
        RoundMetrics metrics = RoundMetrics.NONE;
        List<Moments> moments = new ArrayList<>();
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            List<GroupMean> means = new ArrayList<>();
            for (int group = 0; group < groups.count(); group++) {
                TreeSet<SiteId> members = new TreeSet<>(groups.members(group));
                means.add(mean(task, round, chunk, ofSites(survivors, members), noise, hash));
            }
            metrics = means.stream().map(GroupMean::metrics).reduce(RoundMetrics.NONE, RoundMetrics::plus);
            int from = layout.firstParameter(chunk);
            ServerStep step = new ServerOptimizer(task.server())
                    .step(
                            Arrays.copyOfRange(next, from, from + layout.parametersOf(chunk)),
                            new RobustCombination(task.robust()).combine(means),
                            before.isEmpty() ? Moments.none() : before.get(chunk),
                            task.server().rate(round, task.rounds().count()));
            System.arraycopy(step.model(), 0, next, from, step.model().length);
            moments.add(step.moments());
        }
        Checkpoint checkpoint = Checkpoint.create(
                task,
                parent.manifest().version() + 1,
                round,
                HexFormat.of().formatHex(parent.sha256()),
                survivors.size(),
                0.5 * round,
                2.5 * round,
                next);
        return new Expected(checkpoint, hash.digest(), metrics, moments);
    }

    private static List<Upload> ofSites(Collection<Upload> survivors, Collection<SiteId> members) {
        return survivors.stream()
                .filter(upload -> members.contains(upload.site()))
                .toList();
    }

    private static GroupMean mean(
            TaskDefinition task, int round, int chunk, List<Upload> uploads, ReleaseNoise noise, MessageDigest hash) {
        ChunkLayout layout = task.chunks();
        Ring ring = task.encoding().ring();
        int[] sum = new int[layout.entriesOf(chunk)];
        for (Upload upload : uploads) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += upload.plain()[layout.firstEntry(chunk) + i];
            }
        }
        ring.reduce(sum);
        hash.update(Digest.sha256(sum).bytes());
        List<String> sites =
                uploads.stream().map(upload -> upload.site().value()).sorted().toList();
        int[] metrics = Arrays.copyOf(sum, RoundMetrics.ENTRIES);
        int[] rest = Arrays.copyOfRange(sum, RoundMetrics.ENTRIES, sum.length);
        noise.addTo(metrics, new NoiseContext(task.task(), round, sites, NoiseContext.METRICS));
        noise.addTo(rest, new NoiseContext(task.task(), round, sites, chunk));
        System.arraycopy(metrics, 0, sum, 0, metrics.length);
        System.arraycopy(rest, 0, sum, metrics.length, rest.length);
        ring.centre(sum);
        return new SumDecoder(task).decode(sum, layout.parametersOf(chunk), sites.size());
    }

    /** No noise at all: with it the sum itself can be compared. */
    static ReleaseNoise silence() {
        return (sum, context) -> {};
    }
}
