package dev.sotto.federation;

/**
 * What a site does in a round on its own data.
 *
 * @param examplesPerRound examples a site trains on in one round, taken in turn from its data; where records are protected
 *     this over the batch is the number of steps
 * @param batch examples a step; where records are protected, what their sum is divided by, about {@code samplingRate} times the
 *     records of a usual site
 * @param learningRate AdamW's rate for the LoRA tensors
 * @param headLearningRate AdamW's rate for the classifier
 * @param warmupBatches batches over which the rate rises from zero
 * @param priorCorrection whether the log prior of the site's own labels is added to the head's bias while training and
 *     taken out of the update, which removes most of the harm of skewed labels
 */
public record TrainingSettings(
        int examplesPerRound,
        int batch,
        double learningRate,
        double headLearningRate,
        int warmupBatches,
        boolean priorCorrection) {
    public TrainingSettings {
        Check.require(examplesPerRound >= 1, "training.examplesPerRound", examplesPerRound, "at least 1");
        Check.require(batch >= 1 && batch <= 1024, "training.batch", batch, "between 1 and 1024");
        Check.require(learningRate > 0 && learningRate < 1, "training.learningRate", learningRate, "between 0 and 1");
        Check.require(
                headLearningRate > 0 && headLearningRate < 1,
                "training.headLearningRate",
                headLearningRate,
                "between 0 and 1");
        Check.require(warmupBatches >= 0, "training.warmupBatches", warmupBatches, "zero or more");
    }

    /** The steps of a round of {@code examplesPerRound}. */
    public int stepsPerRound() {
        return (examplesPerRound + batch - 1) / batch;
    }
}
