package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EncoderGoldenTest {
    @Test
    void hiddenStates_ofRealTexts_equalOnnxRuntime() throws Exception {
        List<TextPair> texts = new ArrayList<>(Sample.texts(12));
        texts.add(TextPair.of("Hi"));
        texts.add(TextPair.of(
                "Shares of the bank fell 7.5 % after the regulator's letter, its chairman said on Tuesday."));
        texts.add(new TextPair("Shares of the bank fell after the regulator's letter.", "the bank"));
        try (OrtEncoder reference = new OrtEncoder("/all-minilm-l6-v2.onnx");
                BertTokenizer tokenizer = BertTokenizer.of(Sample.base(), Sample.MAX_TOKENS);
                Scorer scorer = Scorer.compile(
                        Sample.base(),
                        Sample.design(Sample.ALL_LAYERS),
                        Sample.start(Sample.ALL_LAYERS, 1),
                        Variant.FP32)) {
            List<TokenizedText> tokens = tokenizer.texts(texts);
            float[][] states = scorer.hiddenStates(texts);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(states[i])
                        .as(texts.get(i).first())
                        .containsExactly(reference.hiddenStates(tokens, new int[] {i}), within(1e-4f));
            }
        }
    }
}
