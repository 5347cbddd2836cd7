package dev.sotto.privacy.accounting;

/**
 * The (epsilon, delta) that a whole schedule has to stay within.
 *
 * @param epsilon positive and finite
 * @param delta strictly between 0 and 1
 */
public record PrivacyTarget(double epsilon, double delta) {
    public PrivacyTarget {
        Checks.positive("target epsilon", epsilon, "give the loss that is tolerated, such as 8");
        Checks.delta(delta);
    }

    /** Whether the schedule is shown to stay within. */
    public boolean covers(PrivacyAccountant accountant, Schedule schedule) {
        return accountant.epsilon(schedule, delta) <= epsilon;
    }
}
