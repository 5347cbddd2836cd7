package dev.sotto.federation;

import java.io.Serializable;

/**
 * A column of numbers whose count and mean a task learns beside its model, through the same sums. A value outside its bounds
 * counts as the nearer bound.
 *
 * @param column of the sites' rows; a row may lack it
 * @param least the least value
 * @param most the greatest, above it
 */
public record StatisticSpec(String column, double least, double most) implements Serializable {
    public StatisticSpec {
        Check.require(column != null && !column.isBlank(), "statistics.column", column, "a column's name");
        Check.require(
                Double.isFinite(least) && Double.isFinite(most) && least < most,
                "statistics.least and statistics.most of " + column,
                least + " and " + most,
                "finite and the first below the second");
    }

    /** A value as its share of the way from the least to the most, 0 to 1. */
    double share(double value) {
        return (Math.min(most, Math.max(least, value)) - least) / (most - least);
    }

    /** The value at a share of the way. */
    double value(double share) {
        return least + share * (most - least);
    }
}
