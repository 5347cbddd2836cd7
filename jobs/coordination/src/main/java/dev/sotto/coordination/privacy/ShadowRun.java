package dev.sotto.coordination.privacy;

import dev.sotto.federation.ChunkLayout;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.GroupMean;
import dev.sotto.federation.RoundMetrics;
import dev.sotto.federation.SumDecoder;
import dev.sotto.federation.SumTerms;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.UpdateEncoder;
import dev.sotto.privacy.NoiseContext;
import dev.sotto.privacy.ReleaseNoise;
import dev.sotto.secagg.RoundId;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * A shadow of a task's rounds in which every site is a canary: its update has the clip norm in one parameter of its own, and
 * a coin says whether it sends that or nothing. Encoder, noise and decoder are the task's; masks, which cancel, are left out.
 *
 * <p>Canaries that stay out send a zero update where sites add the noise, as the sum would otherwise lack their share; the sites that the task
 * allows to be missing are missing. Not thread-safe.
 */
final class ShadowRun {
    private static final int PROGRESS = 100;

    private final TaskDefinition task;
    private final int canaries;
    private final int rounds;
    private final ReleaseNoise centralNoise;
    private final SecureRandom random;
    private final Consumer<String> progress;
    private final ChunkLayout layout;
    private final UpdateEncoder encoder;
    private final SumDecoder decoder;
    private final RoundMetrics metrics;
    private final int announced;

    /**
     * @param centralNoise what is added to the exact sum where sites add none; used in central mode alone
     * @param progress is told how far it has come
     * @throws ConfigurationException if the model has fewer parameters than there are canaries
     */
    ShadowRun(
            TaskDefinition task,
            int canaries,
            int rounds,
            ReleaseNoise centralNoise,
            SecureRandom random,
            Consumer<String> progress) {
        this.task = task;
        this.canaries = canaries;
        this.rounds = rounds;
        this.centralNoise = centralNoise;
        this.random = random;
        this.progress = progress;
        this.layout = task.chunks();
        this.encoder = new UpdateEncoder(task);
        this.decoder = new SumDecoder(task);
        this.metrics = new RoundMetrics(task.training().examplesPerRound(), 0, 0, 0);
        ReleaseOptions.require(
                canaries <= task.layout().size(),
                "--canaries",
                canaries,
                "at most the parameters of the task, %d: each needs one of its own"
                        .formatted(task.layout().size()));
        this.announced = announced(task, canaries);
    }

    /** The fewest announced sites of which so many are left when all are missing that the task allows. */
    private static int announced(TaskDefinition task, int survivors) {
        int announced = survivors;
        while (task.privacy().distributed() && task.noiseShare(announced).leastSurvivors() < survivors) {
            announced++;
        }
        return announced;
    }

    /** Tosses the coins, runs the rounds and scores what they release. */
    CanaryScores run() {
        boolean[] included = new boolean[canaries];
        for (int canary = 0; canary < canaries; canary++) {
            included[canary] = random.nextBoolean();
        }
        double[] scores = new double[canaries];
        for (int round = 1; round <= rounds; round++) {
            score(new RoundId(task.id(), round), included, scores);
        }
        return new CanaryScores(included, scores);
    }

    private void score(RoundId round, boolean[] included, double[] scores) {
        List<String> senders = new ArrayList<>();
        int[] sum = sum(round, included, senders);
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            int first = layout.firstEntry(chunk);
            int[] slice = Arrays.copyOfRange(sum, first, first + layout.entriesOf(chunk));
            if (!task.privacy().distributed()) {
                addNoise(slice, round, chunk, senders);
            }
            task.encoding().ring().centre(slice);
            SumTerms terms = new SumTerms(round, chunk, Math.max(announced, senders.size()), senders.size());
            GroupMean mean = decoder.decode(slice, terms);
            for (int canary = 0; canary < canaries; canary++) {
                int at = parameter(canary) - layout.firstParameter(chunk);
                if (at >= 0 && at < mean.mean().length) {
                    scores[canary] += mean.mean()[at];
                }
            }
        }
        Arrays.fill(sum, 0);
    }

    /** The sum of what is sent, in the ring. */
    private int[] sum(RoundId round, boolean[] included, List<String> senders) {
        long[] exact = new long[layout.entries()];
        float[] update = new float[task.layout().size()];
        for (int canary = 0; canary < canaries; canary++) {
            if (included[canary] || task.privacy().distributed()) {
                senders.add("canary-" + canary);
                update[parameter(canary)] =
                        included[canary] ? (float) task.encoding().clipNorm() : 0;
                int[] encoded = encoder.encode(update, metrics, round, announced, random);
                for (int i = 0; i < encoded.length; i++) {
                    exact[i] += encoded[i];
                }
                update[parameter(canary)] = 0;
            }
            if ((canary + 1) % PROGRESS == 0) {
                progress.accept("round %d of %d: %d of %d canaries encoded"
                        .formatted(round.number(), rounds, canary + 1, canaries));
            }
        }
        if (senders.isEmpty()) {
            throw new ConfigurationException("no canary was in the sum: take more with --canaries");
        }
        return inRing(exact);
    }

    private int[] inRing(long[] exact) {
        long half = 1L << (task.encoding().ringBits() - 1);
        int[] sum = new int[exact.length];
        for (int i = 0; i < exact.length; i++) {
            boolean parameter = i % task.encoding().chunkEntries() >= RoundMetrics.ENTRIES;
            if (parameter && (exact[i] >= half || exact[i] < -half)) {
                throw new ConfigurationException(
                        "the shadow's sum reaches %d but a ring of %d bits holds %d; take fewer --canaries"
                                .formatted(exact[i], task.encoding().ringBits(), half));
            }
            sum[i] = (int) exact[i];
        }
        return sum;
    }

    /** As the aggregation job adds it: once to the metrics, which are the same in every chunk, and to each chunk's parameters. */
    private void addNoise(int[] slice, RoundId round, int chunk, List<String> senders) {
        addNoise(slice, 0, RoundMetrics.ENTRIES, round, NoiseContext.METRICS, senders);
        addNoise(slice, RoundMetrics.ENTRIES, slice.length, round, chunk, senders);
    }

    private void addNoise(int[] slice, int from, int to, RoundId round, int chunk, List<String> senders) {
        int[] part = Arrays.copyOfRange(slice, from, to);
        centralNoise.addTo(part, new NoiseContext(task.task(), round.number(), senders, chunk));
        System.arraycopy(part, 0, slice, from, part.length);
    }

    /** The canary's own parameter; they are spread over the whole model, and so over its chunks. */
    private int parameter(int canary) {
        return (int) ((long) canary * task.layout().size() / canaries);
    }
}
