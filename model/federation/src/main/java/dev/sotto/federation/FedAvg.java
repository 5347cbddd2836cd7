package dev.sotto.federation;

/**
 * Federated averaging (McMahan et al. 2017): the next model is the last one plus the mean update times the server's
 * learning rate. Works on any slice of the model alone. Stateless.
 */
public final class FedAvg {
    private FedAvg() {}

    /** The next slice; inputs are left as they are. */
    public static float[] step(float[] model, float[] meanUpdate, double learningRate) {
        if (model.length != meanUpdate.length) {
            throw new IllegalArgumentException(
                    "a slice of %d parameters cannot take an update of %d".formatted(model.length, meanUpdate.length));
        }
        float[] next = new float[model.length];
        for (int i = 0; i < next.length; i++) {
            next[i] = (float) (model[i] + learningRate * meanUpdate[i]);
        }
        return next;
    }
}
