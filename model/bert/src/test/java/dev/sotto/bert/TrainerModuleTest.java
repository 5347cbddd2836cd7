package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.NamedTensor;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainerModuleTest {
    @Test
    void gradient_ofEveryKindOfTensor_equalsFiniteDifferences() {
        List<Example> examples = Sample.examples().subList(0, 8);
        float[] parameters = Sample.moved(Sample.TOP_LAYERS, 11);
        try (TrainerModule module =
                        TrainerModule.compile(Sample.base(), Sample.TOP_LAYERS, Sample.layout(Sample.TOP_LAYERS));
                BertTokenizer tokenizer = BertTokenizer.of(Sample.base(), Sample.MAX_TOKENS)) {
            TokenBatch batch = TokenBatch.of(
                    tokenizer.tokens(examples.stream().map(Example::text).toList()),
                    IntStream.range(0, examples.size()).toArray());
            long[] labels = examples.stream().mapToLong(Example::label).toArray();
            float[] frozen = module.frozen(batch);
            float[] gradient = module.gradient(batch, frozen, labels, parameters);
            assertThat(gradient).hasSize(parameters.length + 1);
            for (NamedTensor tensor : Sample.layout(Sample.TOP_LAYERS).tensors()) {
                int entry = steepest(gradient, tensor);
                float value = parameters[entry];
                float step = 1e-2f;
                parameters[entry] = value + step;
                double above = module.gradient(batch, frozen, labels, parameters)[0];
                parameters[entry] = value - step;
                double below = module.gradient(batch, frozen, labels, parameters)[0];
                parameters[entry] = value;
                double slope = gradient[entry + 1];
                assertThat((above - below) / (2 * step))
                        .as(tensor.name())
                        .isCloseTo(slope, within(0.02 * Math.abs(slope) + 2e-3));
            }
            assertThat(module.nativeResources()).isZero();
        }
    }

    @Test
    void gradients_ofABatch_equalThoseOfOneExampleAtATime() {
        List<Example> examples = Sample.examples().subList(0, 12);
        float[] parameters = Sample.moved(Sample.TOP_LAYERS, 11);
        try (TrainerModule module =
                        TrainerModule.compile(Sample.base(), Sample.TOP_LAYERS, Sample.layout(Sample.TOP_LAYERS));
                BertTokenizer tokenizer = BertTokenizer.of(Sample.base(), Sample.MAX_TOKENS)) {
            List<long[]> tokens =
                    tokenizer.tokens(examples.stream().map(Example::text).toList());
            BatchGradients gradients = new BatchGradients(examples, tokens, module, new HiddenCache(0));
            int[] all = IntStream.range(0, examples.size()).toArray();
            float[] each = gradients.each(all, parameters);
            assertThat(each).hasSize(examples.size() * parameters.length);
            double[] sum = new double[parameters.length];
            for (int row = 0; row < examples.size(); row++) {
                float[] alone = gradients.summed(new int[] {row}, parameters);
                double norm = 0;
                double distance = 0;
                for (int i = 0; i < parameters.length; i++) {
                    float entry = each[row * parameters.length + i];
                    sum[i] += entry;
                    norm += alone[i + 1] * (double) alone[i + 1];
                    distance += Math.pow(entry - alone[i + 1], 2);
                }
                assertThat(Math.sqrt(norm)).isGreaterThan(1e-3);
                assertThat(Math.sqrt(distance / norm)).as("example %d", row).isLessThan(1e-5);
            }
            float[] together = gradients.summed(all, parameters);
            for (int i = 0; i < parameters.length; i++) {
                assertThat(sum[i]).isCloseTo(together[i + 1], within(1e-5 * Math.max(1, Math.abs(together[i + 1]))));
            }
            assertThat(module.nativeResources()).isZero();
        }
    }

    private static int steepest(float[] gradient, NamedTensor tensor) {
        int best = tensor.offset();
        for (int i = tensor.offset(); i < tensor.offset() + tensor.size(); i++) {
            if (Math.abs(gradient[i + 1]) > Math.abs(gradient[best + 1])) {
                best = i;
            }
        }
        return best;
    }
}
