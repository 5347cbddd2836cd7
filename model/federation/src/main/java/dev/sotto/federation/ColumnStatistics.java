package dev.sotto.federation;

import java.util.ArrayList;
import java.util.List;

/**
 * Counts and means of columns of numbers as parameters of a model. A site that trains on rows sets, of every column, the share of its
 * rows that have a value and the mean over all rows of the value's share of its range, 0 where there is none; the
 * weighted mean of the sites' updates, which server learning rate 1 adds to the model, is then that of all their rows together, as soon as no update is
 * clipped. Stateless.
 */
public final class ColumnStatistics {
    /**
     * A column over all rows of a round.
     *
     * @param share of the rows that have a value
     * @param mean of their values; not a number if no row has one
     */
    public record Column(String name, double share, double mean) {}

    private ColumnStatistics() {}

    /**
     * Sets what rows say.
     *
     * @param rows at least one; of each a value for every column, not a number where it has none
     * @param parameters of the layout; the entries behind its heads are overwritten
     */
    public static void set(
            List<StatisticSpec> columns, List<List<Double>> rows, ParameterLayout layout, float[] parameters) {
        for (int column = 0; column < columns.size(); column++) {
            StatisticSpec spec = columns.get(column);
            int present = 0;
            double sum = 0;
            for (List<Double> row : rows) {
                double value = row.get(column);
                if (!Double.isNaN(value)) {
                    present++;
                    sum += spec.share(value);
                }
            }
            int at = layout.headEnd() + 2 * column;
            parameters[at] = (float) ((double) present / rows.size());
            parameters[at + 1] = (float) (sum / rows.size());
        }
    }

    /** What a model's parameters say. */
    public static List<Column> read(List<StatisticSpec> columns, ParameterLayout layout, float[] parameters) {
        List<Column> read = new ArrayList<>();
        for (int column = 0; column < columns.size(); column++) {
            StatisticSpec spec = columns.get(column);
            int at = layout.headEnd() + 2 * column;
            double share = parameters[at];
            double mean = share > 0 ? spec.value(parameters[at + 1] / share) : Double.NaN;
            read.add(new Column(spec.column(), share, mean));
        }
        return read;
    }
}
