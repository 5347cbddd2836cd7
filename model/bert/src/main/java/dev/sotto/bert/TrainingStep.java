package dev.sotto.bert;

/**
 * How far a pass of local training has come after one of its steps.
 *
 * @param done examples seen
 * @param total examples of this pass
 * @param meanLoss the mean cross-entropy over the examples seen, in nats; NaN in private training, which tells of none
 * @param batchLoss that over the examples of this step
 * @param learningRate the rate at which the step moved the LoRA tensors
 */
public record TrainingStep(int done, int total, double meanLoss, double batchLoss, double learningRate) {}
