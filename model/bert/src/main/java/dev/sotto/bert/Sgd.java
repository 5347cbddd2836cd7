package dev.sotto.bert;

/** Stochastic gradient descent with a decoupled weight decay (Loshchilov and Hutter 2019, algorithm 1, without momentum). */
final class Sgd implements StepRule {
    private final double decay;

    /** @param decay the share of itself that a parameter loses in a step, times the rate */
    Sgd(double decay) {
        this.decay = decay;
    }

    @Override
    public void nextStep() {}

    @Override
    public void update(
            float[] parameters, float[] gradient, int offset, double scale, int from, int to, double learningRate) {
        for (int i = from; i < to; i++) {
            parameters[i] -= (float) (learningRate * (gradient[i + offset] * scale + decay * parameters[i]));
        }
    }
}
