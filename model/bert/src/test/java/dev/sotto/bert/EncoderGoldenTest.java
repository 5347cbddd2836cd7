package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.AdapterSpec;
import dev.sotto.federation.InitialModel;
import dev.sotto.federation.ParameterLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncoderGoldenTest {
    private static final AdapterSpec HEAD = new AdapterSpec(1, 1, List.of());

    /** English and Chinese texts, from no token of their own to more than {@link Sample#MAX_TOKENS}. */
    private static List<TextPair> texts() {
        List<TextPair> texts = new ArrayList<>(Sample.texts(12));
        texts.addAll(ChineseSample.texts(12));
        texts.add(TextPair.of(""));
        texts.add(TextPair.of("Hi"));
        texts.add(TextPair.of("好"));
        texts.add(TextPair.of(
                "Shares of the bank fell 7.5 % after the regulator's letter, its chairman said on Tuesday."));
        texts.add(TextPair.of("该行股价周二下跌7.5%,此前监管部门向其发出问询函,CEO 表示“不予置评”。"));
        texts.add(TextPair.of("这家公司的客服态度很好。".repeat(10)));
        texts.add(TextPair.of("The service was good. ".repeat(20)));
        texts.add(new TextPair("Shares of the bank fell.", "the bank"));
        return texts;
    }

    private static Scorer scorer(BaseModel base) {
        float[] start = InitialModel.vector(ParameterLayout.of(Sample.design(HEAD), base.shape()), 1);
        return Scorer.compile(base, Sample.design(HEAD), start, Variant.FP32);
    }

    @ParameterizedTest
    @CsvSource({"all-minilm-l6-v2, /all-minilm-l6-v2.onnx", "bge-small-zh, /bge-small-zh-v1.5.onnx"})
    void hiddenStates_ofRealTexts_equalOnnxRuntime(String name, String resource) throws Exception {
        BaseModel base = BaseModel.load(name);
        List<TextPair> texts = texts();
        try (OrtEncoder reference = new OrtEncoder(resource);
                BertTokenizer tokenizer = BertTokenizer.of(base, Sample.MAX_TOKENS);
                Scorer scorer = scorer(base)) {
            List<TokenizedText> tokens = tokenizer.texts(texts);
            float[][] states = scorer.hiddenStates(texts);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(states[i])
                        .as(texts.get(i).first())
                        .containsExactly(reference.hiddenStates(tokens, new int[] {i}), within(1e-4f));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"all-minilm-l6-v2, /all-minilm-l6-v2.onnx", "bge-small-zh, /bge-small-zh-v1.5.onnx"})
    void hiddenStates_ofTextsOfManyLengths_equalOnnxRuntimesPaddedOnes(String name, String resource) throws Exception {
        BaseModel base = BaseModel.load(name);
        try (OrtEncoder reference = new OrtEncoder(resource);
                BertTokenizer tokenizer = BertTokenizer.of(base, Sample.MAX_TOKENS);
                Scorer scorer = scorer(base)) {
            List<TokenizedText> tokens = tokenizer.texts(texts());
            int[] all = IntStream.range(0, tokens.size()).toArray();
            IntSummaryStatistics lengths =
                    tokens.stream().mapToInt(TokenizedText::length).summaryStatistics();
            assertThat(lengths.getMax()).isEqualTo(Sample.MAX_TOKENS);
            assertThat(lengths.getMin()).isEqualTo(2);
            float[] expected = reference.hiddenStates(tokens, all);
            float[][] actual = scorer.hiddenStates(texts());
            int stride = lengths.getMax() * base.shape().hidden();
            for (int row : all) {
                int end = row * stride + tokens.get(row).length() * base.shape().hidden();
                assertThat(actual[row])
                        .as("row %d of %d tokens", row, tokens.get(row).length())
                        .containsExactly(Arrays.copyOfRange(expected, row * stride, end), within(1e-4f));
            }
        }
    }
}
