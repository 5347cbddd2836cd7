package dev.sotto.federation;

import java.util.SplittableRandom;

/**
 * The parameters a task starts from: LoRA A uniform in +-1/sqrt(hidden), LoRA B zero (so the adapted model is the base
 * model), the heads' weights uniform with standard deviation 0.02, biases and statistics zero. Reproducible from the seed.
 */
public final class InitialModel {
    private static final double HEAD_DEVIATION = 0.02;

    private InitialModel() {}

    /** The starting vector of {@link ParameterLayout#size()} entries. */
    public static float[] vector(ParameterLayout layout, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] vector = new float[layout.size()];
        for (NamedTensor tensor : layout.tensors()) {
            double bound = bound(tensor);
            if (bound == 0) {
                continue;
            }
            for (int i = 0; i < tensor.size(); i++) {
                vector[tensor.offset() + i] = (float) ((2 * random.nextDouble() - 1) * bound);
            }
        }
        return vector;
    }

    private static double bound(NamedTensor tensor) {
        if (tensor.name().endsWith("lora_A.weight")) {
            return 1 / Math.sqrt(tensor.shape().get(1));
        }
        // A uniform on +-b has standard deviation b / sqrt(3).
        return tensor.name().contains(".heads.") && tensor.name().endsWith(".weight")
                ? HEAD_DEVIATION * Math.sqrt(3)
                : 0;
    }
}
