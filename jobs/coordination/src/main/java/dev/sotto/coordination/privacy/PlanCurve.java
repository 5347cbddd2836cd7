package dev.sotto.coordination.privacy;

/**
 * Epsilon over rounds as points in a rectangle of pixels, the origin of which is its upper left corner.
 *
 * @param epsilons after each round, at least one
 * @param budget the epsilon at which the task stops
 * @param delta of all of them
 */
record PlanCurve(double[] epsilons, double budget, double delta) {
    static final int WIDTH = 720;
    static final int HEIGHT = 400;
    static final int LEFT = 72;
    static final int RIGHT = 696;
    static final int TOP = 40;
    static final int BOTTOM = 348;
    static final int TICKS = 5;

    static PlanCurve of(NoisePlan plan) {
        return new PlanCurve(
                plan.epsilons(),
                plan.task().privacy().budgetEpsilon(),
                plan.task().privacy().delta());
    }

    /** The epsilon at the top. */
    double highest() {
        double last = epsilons[epsilons.length - 1];
        // A budget far above the curve would flatten it.
        double shown = budget <= 3 * last ? Math.max(last, budget) : last;
        return shown > 0 ? shown * 1.05 : 1;
    }

    boolean showsBudget() {
        return budget <= highest();
    }

    /** Where a round lies, 0 to the last one. */
    double x(double round) {
        return LEFT + (RIGHT - LEFT) * round / epsilons.length;
    }

    /** Where an epsilon lies. */
    double y(double epsilon) {
        return BOTTOM - (BOTTOM - TOP) * epsilon / highest();
    }

    /** The number at a tick of the epsilons, 0 to {@link #TICKS}. */
    double epsilonAt(int tick) {
        return highest() * tick / TICKS;
    }

    /** The round at a tick of the rounds, 0 to {@link #TICKS}. */
    int roundAt(int tick) {
        return (int) Math.round((double) epsilons.length * tick / TICKS);
    }

    /** Whether the round at a tick is another than at the one before: of few rounds some fall on two ticks. */
    boolean labels(int tick) {
        return tick == 0 || roundAt(tick) != roundAt(tick - 1);
    }

    String title() {
        return "epsilon after each round, at delta %s; unit: site, add or remove one".formatted(Figures.near(delta));
    }

    static String number(double value) {
        return Figures.near(value, 3);
    }
}
