package dev.sotto.contracts.audit;

import java.util.List;

/**
 * What an audit saw of a round.
 *
 * @param round its number
 * @param first the number of its first record
 * @param last the number of its last record
 * @param announced how many sites were expected
 * @param groups in how many groups they were summed
 * @param survivors the sites in the sum, as listed; empty as long as there is no list
 * @param dropouts the announced sites that are not among them
 * @param outcome RUNNING, RELEASED or ABORTED
 * @param modelVersion the model it started from, or, once released, the one it made
 * @param rho zCDP spent by the task with this round, as claimed
 * @param epsilon the same as epsilon, as claimed
 * @param standing whether all that holds
 */
public record RoundReport(
        int round,
        long first,
        long last,
        int announced,
        int groups,
        List<String> survivors,
        List<String> dropouts,
        Outcome outcome,
        int modelVersion,
        double rho,
        double epsilon,
        Standing standing) {
    public RoundReport {
        survivors = List.copyOf(survivors);
        dropouts = List.copyOf(dropouts);
    }
}
