package dev.sotto.bert;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A base model's own WordPiece tokenizer, cutting texts at a fixed number of tokens. Thread-safe; holds native memory
 * until it is closed.
 */
public final class BertTokenizer implements AutoCloseable {
    private static final int LARGEST_CALL = 256;

    private final HuggingFaceTokenizer tokenizer;

    private BertTokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * The tokenizer of a base model.
     *
     * @param maxTokens tokens a text is cut to, the two special ones included; from 3 to the base's limit
     */
    public static BertTokenizer of(BaseModel base, int maxTokens) {
        if (maxTokens < 3 || maxTokens > base.maxTokens()) {
            throw new IllegalArgumentException("maxTokens is %d but must be between 3 and %d for %s"
                    .formatted(maxTokens, base.maxTokens(), base.name()));
        }
        OfflineEngine.configure();
        try {
            // Said in full: what a tokenizer file asks for by itself is to pad every text to its own fixed length.
            return new BertTokenizer(HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(base.tokenizer()),
                    Map.of(
                            "padding", "false",
                            "truncation", "true",
                            "maxLength", Integer.toString(maxTokens),
                            "addSpecialTokens", "true")));
        } catch (IOException e) {
            throw new UncheckedIOException("the tokenizer of base model " + base.name() + " cannot be read", e);
        }
    }

    /** The token ids of every text, unpadded, from [CLS] to [SEP]. */
    public List<long[]> tokens(List<String> texts) {
        List<long[]> tokens = new ArrayList<>(texts.size());
        for (int from = 0; from < texts.size(); from += LARGEST_CALL) {
            List<String> part = texts.subList(from, Math.min(texts.size(), from + LARGEST_CALL));
            for (Encoding encoding : tokenizer.batchEncode(part)) {
                tokens.add(encoding.getIds());
            }
        }
        return tokens;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
