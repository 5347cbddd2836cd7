package dev.sotto.bert;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
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
    public List<long[]> ids(List<String> texts) {
        return texts(texts.stream().map(TextPair::of).toList()).stream()
                .map(TokenizedText::ids)
                .toList();
    }

    /** The tokens of every text or pair. A pair that is too long loses tokens of the longer of its two. */
    List<TokenizedText> texts(List<TextPair> texts) {
        List<TokenizedText> tokenized = new ArrayList<>(texts.size());
        for (int from = 0; from < texts.size(); from += LARGEST_CALL) {
            List<TextPair> part = texts.subList(from, Math.min(texts.size(), from + LARGEST_CALL));
            Encoding[] encodings = encode(part);
            for (int i = 0; i < encodings.length; i++) {
                tokenized.add(tokenized(part.get(i), encodings[i]));
            }
        }
        return tokenized;
    }

    private Encoding[] encode(List<TextPair> texts) {
        if (texts.stream().noneMatch(TextPair::isPair)) {
            return tokenizer.batchEncode(texts.stream().map(TextPair::first).toList());
        }
        return texts.stream()
                .map(text ->
                        text.isPair() ? tokenizer.encode(text.first(), text.second()) : tokenizer.encode(text.first()))
                .toArray(Encoding[]::new);
    }

    private static TokenizedText tokenized(TextPair text, Encoding encoding) {
        long[] ids = encoding.getIds();
        int firstLength = 0;
        for (long type : encoding.getTypeIds()) {
            firstLength += type == 0 ? 1 : 0;
        }
        int[] starts = new int[ids.length];
        int[] ends = new int[ids.length];
        Arrays.fill(starts, -1);
        Arrays.fill(ends, -1);
        long[] words = encoding.getWordIds();
        CharSpan[] spans = encoding.getCharTokenSpans();
        int[] offsets = codePointOffsets(text.first());
        int begun = -1;
        for (int token = 0; token < firstLength; token++) {
            if (words[token] < 0 || spans[token] == null) {
                begun = -1;
                continue;
            }
            if (begun < 0 || words[token] != words[token - 1]) {
                begun = token;
                starts[begun] = offsets[spans[token].getStart()];
            }
            ends[begun] = offsets[spans[token].getEnd()];
        }
        return new TokenizedText(ids, firstLength, starts, ends);
    }

    /** Where each code point begins, and the end: the tokenizer counts in code points. */
    private static int[] codePointOffsets(String text) {
        int[] offsets = new int[text.codePointCount(0, text.length()) + 1];
        for (int i = 0, at = 0; i < offsets.length; i++) {
            offsets[i] = at;
            at += at < text.length() ? Character.charCount(text.codePointAt(at)) : 0;
        }
        return offsets;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
