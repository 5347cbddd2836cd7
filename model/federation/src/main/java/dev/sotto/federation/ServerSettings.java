package dev.sotto.federation;

/**
 * How the server turns a mean update into the next model.
 *
 * @param optimizer which one
 * @param learningRate the server's learning rate, above 0 and at most 10
 * @param beta1 decay of the first moment, 0 to below 1; not used by FedAvg
 * @param beta2 decay of the second moment, 0 to below 1; not used by FedAvg
 * @param tau the adaptivity: added to the root of the second moment, which starts at tau^2; not used by FedAvg
 */
public record ServerSettings(OptimizerKind optimizer, double learningRate, double beta1, double beta2, double tau) {
    public ServerSettings {
        Check.require(
                learningRate > 0 && learningRate <= 10, "server.learningRate", learningRate, "above 0 and at most 10");
        Check.require(beta1 >= 0 && beta1 < 1, "server.beta1", beta1, "from 0 to below 1");
        Check.require(beta2 >= 0 && beta2 < 1, "server.beta2", beta2, "from 0 to below 1");
        Check.require(tau > 0 && tau <= 1, "server.tau", tau, "above 0 and at most 1");
    }
}
