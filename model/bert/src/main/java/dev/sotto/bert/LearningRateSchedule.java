package dev.sotto.bert;

import dev.sotto.federation.TrainingSettings;

/**
 * The factor on the learning rate during one pass: rising from zero over the warm-up batches, and falling in a line
 * towards zero at the pass's end.
 *
 * @param warmupExamples examples over which it rises; 0 for none
 * @param totalExamples examples of the pass
 */
record LearningRateSchedule(int warmupExamples, int totalExamples) {
    private static final double LEAST = 0.02;

    static LearningRateSchedule of(TrainingSettings settings, int examples) {
        return new LearningRateSchedule(Math.multiplyExact(settings.warmupBatches(), settings.batch()), examples);
    }

    /** The factor for the step that ends at this example. */
    double factor(int done) {
        double rise = warmupExamples == 0 ? 1 : Math.min(1, (double) done / warmupExamples);
        return rise * Math.max(LEAST, 1 - (double) done / totalExamples);
    }
}
