package dev.sotto.bert;

/**
 * The AdamW optimizer over a flat vector (Loshchilov and Hutter 2019, algorithm 2): Adam's step plus a weight decay that
 * does not pass through the moments. Not thread-safe.
 */
final class AdamW implements StepRule {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final float[] first;
    private final float[] second;
    private final double decay;
    private int steps;

    /** @param decay the share of itself that a parameter loses in a step, times the rate */
    AdamW(int parameters, double decay) {
        this.decay = decay;
        this.first = new float[parameters];
        this.second = new float[parameters];
    }

    @Override
    public void nextStep() {
        steps++;
    }

    @Override
    public void update(
            float[] parameters, float[] gradient, int offset, double scale, int from, int to, double learningRate) {
        double correction1 = 1 - Math.pow(BETA1, steps);
        double correction2 = 1 - Math.pow(BETA2, steps);
        for (int i = from; i < to; i++) {
            double g = gradient[i + offset] * scale;
            first[i] = (float) (BETA1 * first[i] + (1 - BETA1) * g);
            second[i] = (float) (BETA2 * second[i] + (1 - BETA2) * g * g);
            double step = first[i] / correction1 / (Math.sqrt(second[i] / correction2) + EPSILON);
            parameters[i] -= (float) (learningRate * (step + decay * parameters[i]));
        }
    }
}
