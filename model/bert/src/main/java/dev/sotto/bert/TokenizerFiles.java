package dev.sotto.bert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokenizer of a Hugging Face directory as the text of a {@code tokenizer.json}: the file itself, or what the older
 * {@code vocab.txt} and {@code tokenizer_config.json} say in its terms.
 */
final class TokenizerFiles {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKENIZER = "tokenizer.json";
    private static final String VOCABULARY = "vocab.txt";
    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

    private final Path directory;

    private TokenizerFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * Reads the tokenizer.
     *
     * @param words rows of the word embeddings, which no id may be beyond
     * @throws IOException if there is none or it cannot be read
     * @throws IllegalArgumentException if it is not a tokenizer or gives ids that have no embedding
     */
    static byte[] read(Path directory, int words) throws IOException {
        TokenizerFiles files = new TokenizerFiles(directory);
        Path tokenizer = directory.resolve(TOKENIZER);
        if (Files.isRegularFile(tokenizer)) {
            byte[] text = Files.readAllBytes(tokenizer);
            files.requireEmbedded(files.parse(TOKENIZER, text), words);
            return text;
        }
        if (!Files.isRegularFile(directory.resolve(VOCABULARY))) {
            throw new IOException("%s has neither %s nor %s".formatted(directory, TOKENIZER, VOCABULARY));
        }
        ObjectNode built = files.fromVocabulary();
        files.requireEmbedded(built, words);
        return JSON.writeValueAsBytes(built);
    }

    private JsonNode parse(String name, byte[] text) throws IOException {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "%s in %s is not JSON: %s".formatted(name, directory, e.getOriginalMessage()), e);
        }
    }

    private void requireEmbedded(JsonNode tokenizer, int words) {
        JsonNode vocabulary = tokenizer.path("model").path("vocab");
        if (vocabulary.isEmpty()) {
            throw new IllegalArgumentException("%s in %s has no vocabulary".formatted(TOKENIZER, directory));
        }
        for (Map.Entry<String, JsonNode> token : vocabulary.properties()) {
            requireEmbedded(token.getKey(), token.getValue(), words);
        }
        for (JsonNode added : tokenizer.path("added_tokens")) {
            requireEmbedded(added.path("content").asText(), added.path("id"), words);
        }
    }

    private void requireEmbedded(String token, JsonNode id, int words) {
        if (!id.canConvertToInt() || id.intValue() < 0 || id.intValue() >= words) {
            throw new IllegalArgumentException(
                    "the tokenizer in %s gives token '%s' the id %s but must give whole numbers below %d, the rows of the word embeddings"
                            .formatted(directory, token, id, words));
        }
    }

    private ObjectNode fromVocabulary() throws IOException {
        Map<String, Integer> vocabulary = vocabulary();
        ObjectNode tokenizer = JSON.createObjectNode().put("version", "1.0");
        SPECIAL.stream().filter(vocabulary::containsKey).forEach(token -> tokenizer
                .withArray("added_tokens")
                .addObject()
                .put("id", vocabulary.get(token))
                .put("content", token)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true));
        tokenizer.set("normalizer", normalizer());
        tokenizer.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        ObjectNode ends = tokenizer.putObject("post_processor").put("type", "BertProcessing");
        ends.putArray("sep").add("[SEP]").add(vocabulary.get("[SEP]"));
        ends.putArray("cls").add("[CLS]").add(vocabulary.get("[CLS]"));
        ObjectNode model = tokenizer
                .putObject("model")
                .put("type", "WordPiece")
                .put("unk_token", "[UNK]")
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", 100);
        ObjectNode ids = model.putObject("vocab");
        vocabulary.forEach(ids::put);
        return tokenizer;
    }

    /** What Hugging Face's BertTokenizer does to a text first; settings that are not given are as they are there. */
    private ObjectNode normalizer() throws IOException {
        Path file = directory.resolve("tokenizer_config.json");
        JsonNode config = Files.isRegularFile(file)
                ? parse("tokenizer_config.json", Files.readAllBytes(file))
                : JSON.createObjectNode();
        ObjectNode normalizer = JSON.createObjectNode()
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put(
                        "handle_chinese_chars",
                        config.path("tokenize_chinese_chars").asBoolean(true))
                .put("lowercase", config.path("do_lower_case").asBoolean(true));
        JsonNode stripAccents = config.path("strip_accents");
        return stripAccents.isBoolean()
                ? normalizer.put("strip_accents", stripAccents.booleanValue())
                : normalizer.putNull("strip_accents");
    }

    /** Tokens by their line, from 0. */
    private Map<String, Integer> vocabulary() throws IOException {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        int id = 0;
        for (String token : Files.readAllLines(directory.resolve(VOCABULARY), StandardCharsets.UTF_8)) {
            vocabulary.put(token, id++);
        }
        for (String token : List.of("[UNK]", "[CLS]", "[SEP]")) {
            if (!vocabulary.containsKey(token)) {
                throw new IllegalArgumentException("%s in %s lacks %s".formatted(VOCABULARY, directory, token));
            }
        }
        return vocabulary;
    }
}
