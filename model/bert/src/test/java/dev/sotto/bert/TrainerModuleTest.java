package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.ClippedSum;
import dev.sotto.federation.NamedTensor;
import dev.sotto.federation.RecordNoise;
import dev.sotto.privacy.NoiseKey;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainerModuleTest {
    @Test
    void gradient_ofEveryKindOfTensor_equalsFiniteDifferences() {
        List<Example> examples = Sample.examples().subList(0, 8);
        float[] parameters = Sample.moved(Sample.TOP_LAYERS, 11);
        try (TrainerModule module = TrainerModule.compile(Sample.base(), Sample.design(Sample.TOP_LAYERS));
                BertTokenizer tokenizer = BertTokenizer.of(Sample.base(), Sample.MAX_TOKENS)) {
            List<TokenizedText> texts =
                    tokenizer.texts(examples.stream().map(Example::text).toList());
            int[] all = IntStream.range(0, examples.size()).toArray();
            TokenBatch batch = TokenBatch.of(texts, all);
            TargetBatch labels = TargetBatch.of(examples, texts, all, batch.width());
            float[] frozen = module.frozen(batch);
            float[] gradient = module.gradient(batch, frozen, labels, parameters);
            assertThat(gradient).hasSize(parameters.length + 1);
            assertThat(module.loss(batch, frozen, labels, parameters)).isCloseTo(gradient[0], within(1e-4f));
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
        try (TrainerModule module = TrainerModule.compile(Sample.base(), Sample.design(Sample.TOP_LAYERS));
                BertTokenizer tokenizer = BertTokenizer.of(Sample.base(), Sample.MAX_TOKENS)) {
            List<TokenizedText> tokens =
                    tokenizer.texts(examples.stream().map(Example::text).toList());
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

    /** The sum that a private step releases, under noise of one lattice point, against a loop over single examples in doubles. */
    @Test
    void clippedSum_ofABatch_isThatOfALoopOverSingleExamples() {
        List<Example> examples = Sample.examples().subList(0, 24);
        float[] parameters = Sample.moved(Sample.TOP_LAYERS, 5);
        try (TrainerModule module = TrainerModule.compile(Sample.base(), Sample.design(Sample.TOP_LAYERS));
                BertTokenizer tokenizer = BertTokenizer.of(Sample.base(), Sample.MAX_TOKENS);
                NoiseKey key = NoiseKey.fresh(new SecureRandom())) {
            List<TokenizedText> tokens =
                    tokenizer.texts(examples.stream().map(Example::text).toList());
            BatchGradients gradients = new BatchGradients(examples, tokens, module, new HiddenCache(0));
            List<float[]> single = IntStream.range(0, examples.size())
                    .mapToObj(row -> gradients.each(new int[] {row}, parameters))
                    .toList();
            double clipNorm = single.stream()
                    .mapToDouble(TrainerModuleTest::norm)
                    .sorted()
                    .skip(12)
                    .findFirst()
                    .orElseThrow();
            double[] expected = new double[parameters.length];
            for (float[] gradient : single) {
                double factor = Math.min(1, clipNorm / norm(gradient));
                for (int i = 0; i < expected.length; i++) {
                    expected[i] += gradient[i] * factor / 24;
                }
            }
            RecordNoise noise = new RecordNoise(1, clipNorm, parameters.length, 1e-9);
            ClippedSum sum = new ClippedSum(noise);
            float[] each = gradients.each(IntStream.range(0, 24).toArray(), parameters);
            for (int row = 0; row < 24; row++) {
                sum.add(each, row * parameters.length);
            }
            float[] mean = new float[parameters.length];
            sum.release(24, key.words(), mean);
            double square = 0;
            for (int i = 0; i < mean.length; i++) {
                square += Math.pow((mean[i] - expected[i]) * noise.scale() * 24, 2);
            }
            // One for the noise and a twelfth for the rounding of each example: 3 points in all.
            assertThat(square / mean.length).isBetween(2.5, 3.5);
        }
    }

    private static double norm(float[] vector) {
        double square = 0;
        for (float entry : vector) {
            square += (double) entry * entry;
        }
        return Math.sqrt(square);
    }

    /** What the company of other texts does to a gradient is within what the charged sensitivity leaves for it. */
    @Test
    void gradients_inOtherCompany_moveByLessThanIsChargedForArithmetic() {
        List<Example> examples = Sample.examples().subList(0, 64);
        float[] parameters = Sample.moved(Sample.TOP_LAYERS, 5);
        try (TrainerModule module = TrainerModule.compile(Sample.base(), Sample.design(Sample.TOP_LAYERS));
                BertTokenizer tokenizer = BertTokenizer.of(Sample.base(), Sample.MAX_TOKENS)) {
            List<TokenizedText> tokens =
                    tokenizer.texts(examples.stream().map(Example::text).toList());
            BatchGradients gradients = new BatchGradients(examples, tokens, module, new HiddenCache(0));
            int size = parameters.length;
            RecordNoise noise = new RecordNoise(1, 1, size, 1);
            long[] without = new long[size];
            long[] with = new long[size];
            for (int from = 0; from < 64; from += 16) {
                int first = from;
                float[] fifteen =
                        gradients.each(IntStream.range(first, first + 15).toArray(), parameters);
                float[] sixteen =
                        gradients.each(IntStream.range(first, first + 16).toArray(), parameters);
                for (int row = 0; row < 15; row++) {
                    add(fifteen, row * size, noise, without);
                    add(sixteen, row * size, noise, with);
                }
            }
            double square = 0;
            for (int i = 0; i < size; i++) {
                square += Math.pow(with[i] - without[i], 2);
            }
            double margin = noise.sensitivity() - noise.scale() - Math.sqrt(size) / 2;
            assertThat(Math.sqrt(square)).isLessThan(margin);
        }
    }

    private static void add(float[] gradients, int from, RecordNoise noise, long[] sum) {
        double square = 0;
        for (int i = 0; i < sum.length; i++) {
            square += (double) gradients[from + i] * gradients[from + i];
        }
        double factor = noise.scale() * Math.min(1, 1 / Math.sqrt(square));
        for (int i = 0; i < sum.length; i++) {
            sum[i] += Math.round(gradients[from + i] * factor);
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
