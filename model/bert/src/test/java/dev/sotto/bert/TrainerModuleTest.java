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
