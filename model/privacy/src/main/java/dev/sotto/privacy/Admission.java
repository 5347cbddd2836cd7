package dev.sotto.privacy;

import java.util.Locale;

/** The answer to a request for privacy budget. */
public sealed interface Admission {
    /** Whether the release may go ahead. */
    default boolean granted() {
        return this instanceof Granted;
    }

    /**
     * The charge fits.
     *
     * @param totalRho what is spent once it is charged
     */
    record Granted(double totalRho) implements Admission {}

    /**
     * The charge does not fit; nothing is charged and nothing may be released.
     *
     * @param spentRho what was spent before
     * @param askedRho what was asked for
     * @param budget the bound
     */
    record Refused(double spentRho, double askedRho, PrivacyBudget budget) implements Admission {
        /** What was spent, what was asked, what the bound is, and what can be done. */
        public String reason() {
            return String.format(
                    Locale.ROOT,
                    "privacy budget: rho %.6g is spent (epsilon %.4f at delta %.3g) and the release asks rho %.6g more, "
                            + "above the bound rho %.6g (epsilon %.4f): the task ends here; a larger budget is a new task",
                    spentRho,
                    budget.epsilonOf(spentRho),
                    budget.delta(),
                    askedRho,
                    budget.rho(),
                    budget.epsilon());
        }
    }
}
