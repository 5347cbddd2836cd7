/**
 * What a schedule of noisy releases costs, as (epsilon, delta): mechanisms, schedules, accountants and calibration.
 *
 * <p>A {@link dev.sotto.privacy.accounting.Mechanism} is one release, a {@link dev.sotto.privacy.accounting.Schedule} is how
 * often each is made, a {@link dev.sotto.privacy.accounting.PrivacyAccountant} prices the schedule, and {@link
 * dev.sotto.privacy.accounting.Calibration} turns the question round. Natural logarithms throughout; everything public is
 * immutable and thread-safe. Floating-point numbers appear in prices only, never in noise; every price is rounded towards
 * more privacy spent.
 */
@NullMarked
package dev.sotto.privacy.accounting;

import org.jspecify.annotations.NullMarked;
