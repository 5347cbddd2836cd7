package dev.sotto.bert;

import dev.sotto.federation.TrainingSettings;

/**
 * The factor on the learning rate during one pass: rising from zero over the warm-up batches, then one. It does not fall
 * again: a round's pass is short, and the mean over the sites already smooths the last steps.
 *
 * @param warmupExamples examples over which it rises; 0 for none
 */
record LearningRateSchedule(int warmupExamples) {
    static LearningRateSchedule of(TrainingSettings settings) {
        return new LearningRateSchedule(Math.multiplyExact(settings.warmupBatches(), settings.batch()));
    }

    /** The factor for the step that ends at this example. */
    double factor(int done) {
        return warmupExamples == 0 ? 1 : Math.min(1, (double) done / warmupExamples);
    }
}
