package dev.sotto.scoring;

import dev.sotto.contracts.ServingTurn;
import java.util.ArrayList;
import java.util.List;

/**
 * What is known about one key: panes of the current window, the baseline made of the panes before them, and whether a
 * surge is on. Immutable; every change is a new value.
 *
 * <pre>
 * calm    --[tail &lt; alpha, warmed up, enough negatives]--> firing   (baseline is frozen)
 * firing  --[tail &lt;= calm]------------------------------> firing   (the run of calm tests begins anew)
 * firing  --[calmTests tests in a row with tail &gt; calm]--> calm     (baseline goes on)
 * any     --[the next model serves]----------------------> calm     (panes and baseline begin anew)
 * </pre>
 *
 * @param modelVersion the model version whose scores are counted
 * @param modelReach the last version that it stands in for; more than its own after a rollback
 * @param baselineMessages messages before the window, each halved with every half-life
 * @param baselineNegatives negatives among them, likewise
 * @param baselineEnd the event time the two are decayed to
 * @param panes panes in the window, by ascending end
 * @param startsAt the event time the surge began, or {@link #CALM}
 * @param frozen the baseline's rate when the surge began
 * @param calmTests calm tests in a row
 */
public record SurgeState(
        int modelVersion,
        int modelReach,
        double baselineMessages,
        double baselineNegatives,
        long baselineEnd,
        List<Pane> panes,
        long startsAt,
        double frozen,
        int calmTests) {
    /** {@link #startsAt} while no surge is on. */
    public static final long CALM = Long.MIN_VALUE;

    public SurgeState {
        // A state of before there were rollbacks restores as 0.
        modelReach = Math.max(modelReach, modelVersion);
    }

    /** A key that was never seen, under a model. */
    public static SurgeState empty(ServingTurn turn) {
        return new SurgeState(turn.version(), turn.reach(), 0, 0, 0, List.of(), CALM, 0, 0);
    }

    /** The place of the model in the order in which models serve. */
    ServingTurn turn() {
        return new ServingTurn(modelVersion, modelReach);
    }

    public boolean firing() {
        return startsAt != CALM;
    }

    /** Whether no test can come to another result than the last one. */
    public boolean idle() {
        return panes.isEmpty() && !firing();
    }

    /** The expected rate of negatives, with half a pseudo-count on either side (Jeffreys), so that it is never 0 or 1. */
    public double baseline() {
        return firing() ? frozen : (baselineNegatives + 0.5) / (baselineMessages + 1);
    }

    /** Counts a message into the pane that ends at {@code paneEnd}. */
    public SurgeState plus(long paneEnd, boolean negative) {
        List<Pane> next = new ArrayList<>(panes);
        int at = 0;
        while (at < next.size() && next.get(at).end() < paneEnd) {
            at++;
        }
        if (at == next.size() || next.get(at).end() != paneEnd) {
            next.add(at, new Pane(paneEnd, 0, 0, firing()));
        }
        next.set(at, next.get(at).plus(negative));
        return withPanes(next);
    }

    /** Moves panes that have left the window ending at {@code end} into the baseline. */
    SurgeState expire(long end, SurgeRule rule) {
        double messages = baselineMessages;
        double negatives = baselineNegatives;
        long decayedTo = baselineEnd;
        List<Pane> left = new ArrayList<>();
        for (Pane pane : panes) {
            if (pane.end() > end - rule.window().toMillis()) {
                left.add(pane);
            } else if (!pane.surging()) {
                double keep = Math.pow(
                        0.5,
                        Math.max(0, pane.end() - decayedTo)
                                / (double) rule.halfLife().toMillis());
                messages = messages * keep + pane.messages();
                negatives = negatives * keep + pane.negatives();
                decayedTo = Math.max(decayedTo, pane.end());
            }
        }
        return new SurgeState(
                modelVersion,
                modelReach,
                messages,
                negatives,
                decayedTo,
                List.copyOf(left),
                startsAt,
                frozen,
                calmTests);
    }

    SurgeState fire(long end) {
        return new SurgeState(
                        modelVersion,
                        modelReach,
                        baselineMessages,
                        baselineNegatives,
                        baselineEnd,
                        panes,
                        end,
                        baseline(),
                        0)
                .surging();
    }

    SurgeState calmer(int tests) {
        return new SurgeState(
                        modelVersion,
                        modelReach,
                        baselineMessages,
                        baselineNegatives,
                        baselineEnd,
                        panes,
                        startsAt,
                        frozen,
                        tests)
                .surging();
    }

    SurgeState reaching(int reach) {
        return new SurgeState(
                modelVersion,
                reach,
                baselineMessages,
                baselineNegatives,
                baselineEnd,
                panes,
                startsAt,
                frozen,
                calmTests);
    }

    SurgeState resolve() {
        return new SurgeState(
                modelVersion, modelReach, baselineMessages, baselineNegatives, baselineEnd, panes, CALM, 0, 0);
    }

    private SurgeState surging() {
        return withPanes(panes.stream().map(Pane::whileSurging).toList());
    }

    private SurgeState withPanes(List<Pane> next) {
        return new SurgeState(
                modelVersion,
                modelReach,
                baselineMessages,
                baselineNegatives,
                baselineEnd,
                List.copyOf(next),
                startsAt,
                frozen,
                calmTests);
    }
}
