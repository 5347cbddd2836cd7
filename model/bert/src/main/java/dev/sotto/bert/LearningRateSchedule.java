package dev.sotto.bert;

import dev.sotto.federation.LearningRateDecay;
import dev.sotto.federation.TrainingSettings;

/**
 * The factor on the learning rate during one pass: rising from zero over the warm-up batches, then falling as the task says.
 * A rate that falls is zero one batch behind the pass, so that its last step still moves.
 *
 * @param warmupExamples examples over which it rises; 0 for none
 * @param end the example at which a falling rate would be zero
 * @param decay how it falls
 */
record LearningRateSchedule(int warmupExamples, int end, LearningRateDecay decay) {
    /** @param examples those of the pass */
    static LearningRateSchedule of(TrainingSettings settings, int examples) {
        return new LearningRateSchedule(
                Math.multiplyExact(settings.warmupBatches(), settings.batch()),
                examples + settings.batch(),
                settings.decay());
    }

    /** The factor for the step that ends at this example. */
    double factor(int done) {
        if (done < warmupExamples) {
            return (double) done / warmupExamples;
        }
        return decay.factor((double) (done - warmupExamples) / (end - warmupExamples));
    }
}
