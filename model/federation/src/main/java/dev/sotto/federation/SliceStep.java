package dev.sotto.federation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a server makes of a slice once it may be seen: the groups' means, combined, brought to the size of the round's
 * updates, and the optimizer's step with them. Immutable.
 */
public final class SliceStep {
    private final EncodingSettings encoding;
    private final ChunkLayout layout;
    private final SumDecoder decoder;
    private final RobustCombination combination;
    private final ServerOptimizer optimizer;
    private final ServerSettings server;
    private final int rounds;

    /** The steps of a task. */
    public SliceStep(TaskDefinition task) {
        this.encoding = task.encoding();
        this.layout = task.chunks();
        this.decoder = new SumDecoder(task);
        this.combination = new RobustCombination(task.robust());
        this.server = task.server();
        this.optimizer = new ServerOptimizer(server);
        this.rounds = task.rounds().count();
    }

    /**
     * A step.
     *
     * @param step the slice of the next model, and what the step after needs
     * @param metrics of all groups, with the part of the tally that lies in the slice
     * @param unclipped the share of sites whose update was within an adaptive clip; not a number where the clip norm stays or
     *     another slice tells
     */
    public record Result(ServerStep step, RoundMetrics metrics, double unclipped) {}

    /**
     * Takes the step.
     *
     * @param sums the groups' centre-lifted sums of one chunk, noise included; erased
     * @param terms what each of them is a sum of
     * @param clipNorm the round's
     * @param parent the whole model that sites trained from
     * @param moments the slice's, of that model
     */
    public Result take(List<int[]> sums, List<SumTerms> terms, double clipNorm, float[] parent, Moments moments) {
        List<GroupMean> means = new ArrayList<>();
        RoundMetrics metrics = RoundMetrics.NONE;
        for (int group = 0; group < sums.size(); group++) {
            GroupMean mean = decoder.decode(sums.get(group), terms.get(group));
            Arrays.fill(sums.get(group), 0);
            means.add(mean);
            metrics = metrics.plus(mean.metrics());
        }
        float[] update = combination.combine(means);
        enlarge(update, encoding.enlargement(clipNorm));
        int first = layout.firstParameter(terms.get(0).chunk());
        float[] slice = Arrays.copyOfRange(parent, first, first + update.length);
        // An adaptive clip has one group.
        return new Result(
                optimizer.step(
                        slice, update, moments, server.rate(terms.get(0).round().number(), rounds)),
                metrics,
                means.get(0).unclipped());
    }

    private static void enlarge(float[] update, double enlargement) {
        if (enlargement != 1) {
            for (int i = 0; i < update.length; i++) {
                update[i] = (float) (update[i] * enlargement);
            }
        }
    }
}
