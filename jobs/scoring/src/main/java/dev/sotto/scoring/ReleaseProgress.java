package dev.sotto.scoring;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * How far releases have come. Immutable; every change is a new value.
 *
 * <pre>
 * releasing --[the window closes, and one more fits the budget]--> releasing (charged)
 * releasing --[no further window fits]---------------------------> ended     (for good, under this schedule)
 * </pre>
 *
 * @param schedule the schedule they follow, as {@link ReleaseRule#schedule()} writes it
 * @param next the start of the next window, in milliseconds of the epoch
 * @param spent epsilon of all windows before it, as a decimal number: sums of binary fractions would drift
 * @param releases windows released
 * @param ended whether the budget is used up
 */
public record ReleaseProgress(String schedule, long next, String spent, long releases, boolean ended) {
    /** Nothing released. */
    static ReleaseProgress start(ReleaseRule rule) {
        return new ReleaseProgress(rule.schedule(), rule.start(), "0", 0, false);
    }

    /**
     * This progress, if the rule has its schedule.
     *
     * @throws IllegalStateException if it has another one
     */
    ReleaseProgress requireSchedule(ReleaseRule rule) {
        if (!schedule.equals(rule.schedule())) {
            throw new IllegalStateException(
                    "the release options are [%s] but the restored state was written under [%s]: take those back, or begin anew with a %s of %s or later and restore with --allowNonRestoredState"
                            .formatted(
                                    rule.schedule(),
                                    schedule,
                                    ScoringOptions.RELEASE_FROM.key(),
                                    Instant.ofEpochMilli(next)));
        }
        return this;
    }

    /** Whether one more window fits the budget. */
    boolean fits(ReleaseRule rule) {
        return !ended && charged(rule).compareTo(rule.budget()) <= 0;
    }

    /** The next window is charged; call only if it {@link #fits}. */
    ReleaseProgress charge(ReleaseRule rule) {
        return new ReleaseProgress(
                schedule,
                Math.addExact(next, rule.size()),
                charged(rule).toPlainString(),
                Math.addExact(releases, 1),
                false);
    }

    ReleaseProgress end() {
        return new ReleaseProgress(schedule, next, spent, releases, true);
    }

    private BigDecimal charged(ReleaseRule rule) {
        return new BigDecimal(spent).add(rule.epsilon());
    }
}
