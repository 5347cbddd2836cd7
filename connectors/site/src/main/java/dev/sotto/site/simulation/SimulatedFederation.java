package dev.sotto.site.simulation;

import dev.sotto.bert.Example;
import dev.sotto.bert.LocalTrainer;
import dev.sotto.bert.TrainingListener;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ChunkLayout;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.Moments;
import dev.sotto.federation.RoundMetrics;
import dev.sotto.federation.SliceStep;
import dev.sotto.federation.SumTerms;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.UpdateEncoder;
import dev.sotto.privacy.CentralDiscreteGaussian;
import dev.sotto.privacy.Digest;
import dev.sotto.privacy.LedgerChain;
import dev.sotto.privacy.LedgerDecision;
import dev.sotto.privacy.NoiseContext;
import dev.sotto.privacy.NoiseSecret;
import dev.sotto.privacy.ReleaseId;
import dev.sotto.privacy.ReleaseNoise;
import dev.sotto.secagg.Ring;
import dev.sotto.secagg.RoundGroups;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import dev.sotto.site.LocalUpdate;
import dev.sotto.site.SiteTraining;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A federation in one process: every site trains and encodes as a real one does, the sums are noised, charged, decoded and
 * stepped as the servers do. Masks are left out, since they cancel in the sum, and so are dropouts. Not thread-safe.
 */
public final class SimulatedFederation {
    private final TaskDefinition task;
    private final LocalTrainer trainer;
    private final SortedMap<SiteId, SiteTraining> sites = new TreeMap<>();
    private final UpdateEncoder encoder;
    private final SliceStep step;
    private final ReleaseNoise noise;
    private final LedgerChain ledger;
    private final SecureRandom random;
    private final Moments[] moments;
    private float[] model;
    private double clipNorm;
    private int round;

    /**
     * What a round came to.
     *
     * @param number the round's, from 1
     * @param metrics as the noised sum tells them
     * @param clipNorm the round's
     * @param epsilonSpent at the task's delta, this round included
     */
    public record Round(int number, RoundMetrics metrics, double clipNorm, double epsilonSpent) {}

    /**
     * A federation at its start.
     *
     * @param trainer the task's; stays the caller's
     * @param shares the rows of each site, none empty
     * @param heldOut for each site rows that it does not train on
     * @param seed of the starting model
     * @throws ConfigurationException if the task cannot work with so many sites
     */
    public SimulatedFederation(
            TaskDefinition task,
            LocalTrainer trainer,
            List<List<Example>> shares,
            List<List<Example>> heldOut,
            long seed,
            SecureRandom random) {
        this.task = task;
        this.trainer = trainer;
        this.random = random;
        int least = task.rounds().minSurvivors();
        if (shares.size() < least) {
            throw new ConfigurationException(
                    "%d sites are fewer than the task's rounds.minSurvivors %d; simulate more sites or lower it"
                            .formatted(shares.size(), least));
        }
        task.requireWorkable(shares.size());
        for (int i = 0; i < shares.size(); i++) {
            SiteId site = new SiteId("site-%04d".formatted(i + 1));
            sites.put(site, new SiteTraining(task, site, shares.get(i), heldOut.get(i), random));
        }
        this.encoder = new UpdateEncoder(task);
        this.step = new SliceStep(task);
        byte[] secret = new byte[NoiseSecret.MIN_LENGTH];
        random.nextBytes(secret);
        this.noise = task.privacy().central()
                ? CentralDiscreteGaussian.create(NoiseSecret.of(secret), task.sigma())
                : (sum, context) -> {};
        Arrays.fill(secret, (byte) 0);
        this.ledger = LedgerChain.open(task.task(), task.budget());
        this.moments = new Moments[task.chunks().chunks()];
        Arrays.fill(moments, Moments.none());
        this.clipNorm = task.encoding().clipNorm();
        try {
            this.model = Checkpoint.initial(task, seed).vector();
        } catch (IOException e) {
            throw new UncheckedIOException("a checkpoint that was just made has its vector", e);
        }
    }

    /** The newest model's parameters. */
    public float[] model() {
        return model.clone();
    }

    /** The rows that all sites train on in a round. */
    public List<Example> turn(int number) {
        return sites.values().stream()
                .flatMap(site -> site.turn(number).stream())
                .toList();
    }

    /** The bytes of a site's upload in a round, without masks' and records' overhead. */
    public long uploadBytes() {
        return task.encoding().ring().bytes(task.chunks().entries());
    }

    /**
     * Lets a round happen.
     *
     * @throws ConfigurationException if the privacy budget does not admit it
     */
    public Round next(TrainingListener listener) {
        RoundId id = new RoundId(task.id(), round + 1);
        ReleaseId release = new ReleaseId(task.task(), id.number());
        Digest input = Digest.sha256(new int[] {id.number()});
        if (ledger.reserve(release, input, task.rho()) instanceof LedgerDecision.Refused refused) {
            throw new ConfigurationException(refused.reason());
        }
        RoundGroups groups = RoundGroups.draw(
                Digest.sha256(new int[] {round}).bytes(), id, new TreeSet<>(sites.keySet()), task.groups(sites.size()));
        List<int[]> sums = sums(id, groups, listener);
        RoundMetrics metrics = RoundMetrics.NONE;
        @Nullable Double unclipped = null;
        float[] next = new float[model.length];
        ChunkLayout layout = task.chunks();
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            SliceStep.Result made = slice(id, groups, sums, chunk);
            moments[chunk] = made.step().moments();
            float[] values = made.step().model();
            System.arraycopy(values, 0, next, layout.firstParameter(chunk), values.length);
            metrics = made.metrics();
            unclipped = Double.isNaN(made.unclipped()) ? null : Double.valueOf(made.unclipped());
        }
        ledger.commit(release, input);
        Round done = new Round(id.number(), metrics, clipNorm, ledger.spentEpsilon());
        model = next;
        clipNorm = task.encoding().clipAfter(clipNorm, unclipped);
        round = id.number();
        return done;
    }

    private List<int[]> sums(RoundId id, RoundGroups groups, TrainingListener listener) {
        List<int[]> sums = new ArrayList<>();
        for (int group = 0; group < groups.count(); group++) {
            sums.add(new int[task.chunks().entries()]);
        }
        double enlargement = task.encoding().enlargement(clipNorm);
        sites.forEach((site, training) -> {
            LocalUpdate.TrainedUpdate update = training.train(trainer, id, model, Optional.empty(), listener);
            float[] delta = update.delta();
            for (int i = 0; i < delta.length; i++) {
                delta[i] = (float) (delta[i] / enlargement);
            }
            int announced = groups.members(groups.groupOf(site)).size();
            int[] encoded = encoder.encode(delta, update.metrics(), id, announced, random);
            int[] sum = sums.get(groups.groupOf(site));
            for (int i = 0; i < sum.length; i++) {
                sum[i] += encoded[i];
            }
        });
        return sums;
    }

    private SliceStep.Result slice(RoundId id, RoundGroups groups, List<int[]> sums, int chunk) {
        ChunkLayout layout = task.chunks();
        Ring ring = task.encoding().ring();
        List<int[]> slices = new ArrayList<>();
        List<SumTerms> terms = new ArrayList<>();
        for (int group = 0; group < groups.count(); group++) {
            List<String> members =
                    groups.members(group).stream().map(SiteId::value).toList();
            int first = layout.firstEntry(chunk);
            int[] slice = Arrays.copyOfRange(sums.get(group), first, first + layout.entriesOf(chunk));
            ring.reduce(slice);
            addNoise(slice, 0, RoundMetrics.ENTRIES, id, NoiseContext.METRICS, members);
            addNoise(slice, RoundMetrics.ENTRIES, slice.length, id, chunk, members);
            ring.centre(slice);
            slices.add(slice);
            terms.add(new SumTerms(id, chunk, members.size(), members.size()));
        }
        return step.take(slices, terms, clipNorm, model, moments[chunk]);
    }

    private void addNoise(int[] slice, int from, int to, RoundId id, int chunk, List<String> members) {
        int[] part = Arrays.copyOfRange(slice, from, to);
        noise.addTo(part, new NoiseContext(task.task(), id.number(), members, chunk));
        System.arraycopy(part, 0, slice, from, part.length);
    }
}
