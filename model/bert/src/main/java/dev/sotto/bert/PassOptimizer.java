package dev.sotto.bert;

import dev.sotto.federation.TrainingSettings;

/**
 * How gradients move the parameters in one pass: cut to the task's norm, pulled to the start (FedProx, Li et al. 2020,
 * equation 2), then the task's {@link StepRule} at the schedule's rates, one for the adapter and one for the head. Not thread-safe.
 */
final class PassOptimizer {
    private final TrainingSettings settings;
    private final float[] start;
    private final int head;
    private final LearningRateSchedule schedule;
    private final StepRule rule;

    /**
     * Moments of zero.
     *
     * @param start what the parameters are pulled to; copied
     * @param head the first parameter of the head
     * @param examples those of the pass
     */
    PassOptimizer(TrainingSettings settings, float[] start, int head, int examples) {
        this.settings = settings;
        this.start = start.clone();
        this.head = head;
        this.schedule = LearningRateSchedule.of(settings, examples);
        this.rule = StepRule.of(settings, start.length);
    }

    /**
     * Takes a step.
     *
     * @param parameters moved in place
     * @param gradient the gradient, at {@code offset} behind the parameter it belongs to; the pull is added to it
     * @param scale what makes it that of the mean loss
     * @param done examples of the pass, those of this step included
     * @return the adapter's rate
     */
    double step(float[] parameters, float[] gradient, int offset, double scale, int done) {
        double clipped = scale * clip(gradient, offset, scale);
        pull(parameters, gradient, offset, clipped);
        double factor = schedule.factor(done);
        double rate = settings.learningRate() * factor;
        rule.nextStep();
        rule.update(parameters, gradient, offset, clipped, 0, head, rate);
        rule.update(
                parameters, gradient, offset, clipped, head, parameters.length, settings.headLearningRate() * factor);
        return rate;
    }

    /** What the gradient is multiplied by so that its norm is within the bound; 1 if it is. */
    private double clip(float[] gradient, int offset, double scale) {
        if (settings.gradientClip() == 0) {
            return 1;
        }
        double square = 0;
        for (int i = offset; i < gradient.length; i++) {
            square += gradient[i] * (double) gradient[i];
        }
        double norm = Math.sqrt(square) * scale;
        return norm <= settings.gradientClip() ? 1 : settings.gradientClip() / norm;
    }

    /** Adds the gradient of the proximal term, divided by what the rule multiplies it by. */
    private void pull(float[] parameters, float[] gradient, int offset, double scale) {
        if (settings.proximal() == 0) {
            return;
        }
        double strength = settings.proximal() / scale;
        for (int i = 0; i < start.length; i++) {
            gradient[i + offset] += (float) (strength * (parameters[i] - start[i]));
        }
    }
}
