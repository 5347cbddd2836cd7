package dev.sotto.federation;

import java.util.Arrays;
import java.util.List;

/**
 * Combines the means of a round's groups, coordinate by coordinate (Yin, Chen, Kannan, Bartlett 2018, "Byzantine-Robust
 * Distributed Learning"). Median and trimmed mean first leave out groups that no honest sites can have summed to. With
 * groups of s sites, a share f of liars taints about 1 - (1 - f)^s of the groups; the median bears less than half of them,
 * beside those that were left out. Immutable.
 */
public final class RobustCombination {
    private final RobustSettings settings;

    public RobustCombination(RobustSettings settings) {
        this.settings = settings;
    }

    /**
     * Combines.
     *
     * @param groups of one round and slice, all of one length, at least one
     * @return as many entries as each mean has; all zero if no group is plausible
     */
    public float[] combine(List<GroupMean> groups) {
        int length = groups.get(0).mean().length;
        if (settings.combine() == Combination.MEAN) {
            return mean(groups, length);
        }
        float[][] plausible = groups.stream()
                .filter(GroupMean::plausible)
                .map(GroupMean::mean)
                .toArray(float[][]::new);
        float[] combined = new float[length];
        if (plausible.length == 0) {
            return combined;
        }
        int dropped = dropped(plausible.length);
        float[] column = new float[plausible.length];
        for (int i = 0; i < length; i++) {
            for (int group = 0; group < column.length; group++) {
                column[group] = plausible[group][i];
            }
            Arrays.sort(column);
            double sum = 0;
            for (int group = dropped; group < column.length - dropped; group++) {
                sum += column[group];
            }
            combined[i] = (float) (sum / (column.length - 2 * dropped));
        }
        return combined;
    }

    /** How many are dropped at each end; a median keeps the middle one or two. */
    private int dropped(int groups) {
        return settings.combine() == Combination.MEDIAN ? (groups - 1) / 2 : (int) (settings.trim() * groups);
    }

    private static float[] mean(List<GroupMean> groups, int length) {
        if (groups.size() == 1) {
            return groups.get(0).mean();
        }
        double total = groups.stream().mapToDouble(GroupMean::weight).sum();
        double[] sums = new double[length];
        for (GroupMean group : groups) {
            float[] mean = group.mean();
            double share = group.weight() / total;
            for (int i = 0; i < length; i++) {
                sums[i] += share * mean[i];
            }
        }
        float[] combined = new float[length];
        for (int i = 0; i < length; i++) {
            combined[i] = (float) sums[i];
        }
        return combined;
    }
}
