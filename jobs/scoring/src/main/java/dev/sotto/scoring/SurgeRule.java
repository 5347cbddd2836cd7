package dev.sotto.scoring;

import java.io.Serializable;
import java.time.Duration;

/**
 * When a surge begins and ends.
 *
 * @param window the event time a test looks back on
 * @param slide the event time between two tests; divides the window
 * @param alpha a surge begins when so many negatives would be less likely than this, in (0, 1)
 * @param calm a test is calm when its tail probability is above this, between alpha and 1
 * @param calmTests calm tests in a row that end a surge, 1 or more
 * @param leastNegatives negatives a window needs before it can begin a surge, 1 or more
 * @param warmUp messages the baseline needs before anything can begin a surge, 1 or more
 * @param halfLife the event time after which the baseline counts a message half
 */
public record SurgeRule(
        Duration window,
        Duration slide,
        double alpha,
        double calm,
        int calmTests,
        int leastNegatives,
        int warmUp,
        Duration halfLife)
        implements Serializable {
    public SurgeRule {
        require(slide.toMillis() > 0, ScoringOptions.SURGE_SLIDE.key(), slide, "positive");
        require(
                window.toMillis() >= slide.toMillis() && window.toMillis() % slide.toMillis() == 0,
                ScoringOptions.SURGE_WINDOW.key(),
                window,
                "a multiple of the slide " + slide);
        require(alpha > 0 && alpha < 1, ScoringOptions.SURGE_ALPHA.key(), alpha, "between 0 and 1");
        require(calm >= alpha && calm < 1, ScoringOptions.SURGE_CALM.key(), calm, "between alpha and 1");
        require(calmTests >= 1, ScoringOptions.SURGE_CALM_TESTS.key(), calmTests, "at least 1");
        require(leastNegatives >= 1, ScoringOptions.SURGE_LEAST.key(), leastNegatives, "at least 1");
        require(warmUp >= 1, ScoringOptions.SURGE_WARM_UP.key(), warmUp, "at least 1");
        require(halfLife.toMillis() > 0, ScoringOptions.SURGE_HALF_LIFE.key(), halfLife, "positive");
    }

    private static void require(boolean holds, String key, Object value, String bound) {
        if (!holds) {
            throw new IllegalArgumentException("%s is %s but must be %s".formatted(key, value, bound));
        }
    }

    /** The end of the pane that holds {@code time}, in milliseconds. */
    long paneEnd(long time) {
        return Math.floorDiv(time, slide.toMillis()) * slide.toMillis() + slide.toMillis();
    }
}
