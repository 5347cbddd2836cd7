package dev.sotto.federation;

/**
 * Makes the next model out of the last one and a mean update, coordinate by coordinate, so that it works on any slice
 * alone. Source: McMahan et al. 2017 (FedAvg); Reddi et al. 2021, "Adaptive Federated Optimization", algorithm 2 (FedAdam,
 * FedYogi). Immutable.
 */
public final class ServerOptimizer {
    private final ServerSettings settings;

    public ServerOptimizer(ServerSettings settings) {
        this.settings = settings;
    }

    /**
     * The next slice; the inputs are left as they are.
     *
     * @param moments of the step before; {@link Moments#none()} at the first
     * @param rate the round's learning rate
     * @throws IllegalArgumentException if the lengths differ
     */
    public ServerStep step(float[] model, float[] mean, Moments moments, double rate) {
        if (model.length != mean.length) {
            throw new IllegalArgumentException(
                    "a slice of %d parameters cannot take an update of %d".formatted(model.length, mean.length));
        }
        return settings.optimizer() == OptimizerKind.FED_AVG
                ? new ServerStep(average(model, mean, rate), moments)
                : adaptive(model, mean, moments, rate);
    }

    private static float[] average(float[] model, float[] mean, double rate) {
        float[] next = new float[model.length];
        for (int i = 0; i < next.length; i++) {
            next[i] = (float) (model[i] + rate * mean[i]);
        }
        return next;
    }

    private ServerStep adaptive(float[] model, float[] mean, Moments before, double rate) {
        int length = model.length;
        boolean start = before.first().length == 0;
        if (!start && before.first().length != length) {
            throw new IllegalArgumentException(
                    "moments of %d entries do not belong to a slice of %d".formatted(before.first().length, length));
        }
        double tau = settings.tau();
        float[] next = new float[length];
        float[] first = new float[length];
        float[] second = new float[length];
        for (int i = 0; i < length; i++) {
            double m = settings.beta1() * (start ? 0 : before.first()[i]) + (1 - settings.beta1()) * mean[i];
            double v = second(start ? tau * tau : before.second()[i], (double) mean[i] * mean[i]);
            next[i] = (float) (model[i] + rate * m / (Math.sqrt(v) + tau));
            first[i] = (float) m;
            second[i] = (float) v;
        }
        return new ServerStep(next, new Moments(first, second));
    }

    private double second(double before, double square) {
        double forget = 1 - settings.beta2();
        return settings.optimizer() == OptimizerKind.FED_ADAM
                ? settings.beta2() * before + forget * square
                : before - forget * square * Math.signum(before - square);
    }
}
