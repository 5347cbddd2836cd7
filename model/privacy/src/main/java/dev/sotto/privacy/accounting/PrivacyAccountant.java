package dev.sotto.privacy.accounting;

/**
 * A way to price a schedule: it finds (epsilon, delta) pairs that the schedule is certain to satisfy.
 *
 * <p>Accountants differ in which mechanisms they cover and in how close they come to the truth; all are upper bounds.
 * Schedules must be fixed before the first release, but for {@link RdpAccountant} and {@link ZcdpAccountant}, whose sums
 * also hold when each release is chosen after seeing those before it. Implementations are immutable and thread-safe.
 */
public sealed interface PrivacyAccountant
        permits AnalyticGaussianAccountant, PldAccountant, RdpAccountant, ZcdpAccountant {
    /**
     * The least epsilon that can be shown at delta.
     *
     * @param delta strictly between 0 and 1
     * @return at least 0; infinite if none can be shown
     * @throws IllegalArgumentException if delta is out of range, or if a mechanism of the schedule is not covered
     */
    double epsilon(Schedule schedule, double delta);

    /**
     * The least delta that can be shown at epsilon.
     *
     * @param epsilon at least 0
     * @return in [0, 1]
     * @throws IllegalArgumentException if epsilon is out of range, or if a mechanism of the schedule is not covered
     */
    double delta(Schedule schedule, double epsilon);
}
