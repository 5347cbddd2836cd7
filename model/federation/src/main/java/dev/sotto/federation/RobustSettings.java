package dev.sotto.federation;

/**
 * How a task bears sites that lie within the protocol.
 *
 * @param combine how the groups' means become one update
 * @param groups the most groups a round is summed in, 1 to 64; 1: one sum
 * @param trim with {@link Combination#TRIMMED_MEAN} the share of groups that is dropped at each end, 0 to below 0.5
 */
public record RobustSettings(Combination combine, int groups, double trim) {
    public RobustSettings {
        Check.require(groups >= 1 && groups <= 64, "robust.groups", groups, "between 1 and 64");
        Check.require(
                combine == Combination.MEAN || groups >= 3,
                "robust.groups",
                groups,
                "at least 3 for " + combine + ": of fewer groups none can be told apart");
        Check.require(trim >= 0 && trim < 0.5, "robust.trim", trim, "from 0 to below 0.5");
    }
}
