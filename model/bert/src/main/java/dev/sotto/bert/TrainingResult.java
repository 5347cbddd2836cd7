package dev.sotto.bert;

/**
 * What a pass of local training made.
 *
 * @param parameters the new parameters, as many as the layout's size; the delta is these minus the start
 * @param meanLoss the mean cross-entropy in nats over the examples, each measured before the step it took part in
 * @param examples the examples seen: all, unless the pass ended early
 */
public record TrainingResult(float[] parameters, double meanLoss, int examples) {}
