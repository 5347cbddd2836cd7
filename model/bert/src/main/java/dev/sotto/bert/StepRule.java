package dev.sotto.bert;

import dev.sotto.federation.TrainingSettings;

/** Turns a gradient into a step. Not thread-safe. */
interface StepRule {
    /** The rule of a task, for a vector of so many parameters. */
    static StepRule of(TrainingSettings settings, int parameters) {
        return switch (settings.optimizer()) {
            case ADAMW -> new AdamW(parameters, settings.weightDecay());
            case SGD -> new Sgd(settings.weightDecay());
        };
    }

    /** Counts a step; {@link #update} is then called for every range of parameters once. */
    void nextStep();

    /**
     * Moves a range of the parameters.
     *
     * @param gradient the gradient, at {@code offset} behind the parameter it belongs to
     * @param scale what a gradient entry is multiplied by
     */
    void update(float[] parameters, float[] gradient, int offset, double scale, int from, int to, double learningRate);
}
