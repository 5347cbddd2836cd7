package dev.sotto.federation;

/**
 * How the server turns a mean update into the next model.
 *
 * @param optimizer which one
 * @param learningRate the server's learning rate, above 0 and at most 10
 * @param beta1 decay of the first moment, 0 to below 1; not used by FedAvg
 * @param beta2 decay of the second moment, 0 to below 1; not used by FedAvg
 * @param tau the adaptivity: added to the root of the second moment, which starts at tau^2; not used by FedAvg
 * @param decay how the rate falls over the rounds of the task, so that what the last rounds differ by moves the model less
 */
public record ServerSettings(
        OptimizerKind optimizer, double learningRate, double beta1, double beta2, double tau, LearningRateDecay decay) {
    public ServerSettings {
        Check.require(
                learningRate > 0 && learningRate <= 10, "server.learningRate", learningRate, "above 0 and at most 10");
        Check.require(beta1 >= 0 && beta1 < 1, "server.beta1", beta1, "from 0 to below 1");
        Check.require(beta2 >= 0 && beta2 < 1, "server.beta2", beta2, "from 0 to below 1");
        Check.require(decay != null, "server.decay", "null", "none, linear or cosine, or left out");
        Check.require(tau > 0 && tau <= 1, "server.tau", tau, "above 0 and at most 1");
    }

    /** The server's learning rate in a round, counted from 1, of so many. */
    public double rate(int round, int rounds) {
        return learningRate * decay.factor(Math.min(1, (round - 1.0) / rounds));
    }
}
