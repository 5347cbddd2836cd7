package dev.sotto.bert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The {@code config.json} of a Hugging Face model: refuses every setting under which the encoder would be another one. */
final class BertConfig {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final JsonNode root;

    private BertConfig(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    /**
     * Reads the architecture.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is not a BERT encoder's; the message names the setting
     */
    static BertArchitecture read(Path file) throws IOException {
        BertConfig config = new BertConfig(file, parse(file));
        config.require("model_type", "", "bert");
        config.require("hidden_act", "gelu", "gelu");
        config.require("position_embedding_type", "absolute", "absolute");
        config.require("is_decoder", "false", "false");
        try {
            return new BertArchitecture(
                    config.integer("num_hidden_layers"),
                    config.integer("hidden_size"),
                    config.integer("num_attention_heads"),
                    config.integer("intermediate_size"),
                    config.integer("vocab_size"),
                    config.integer("max_position_embeddings"),
                    config.integer("type_vocab_size"),
                    config.number("layer_norm_eps").doubleValue());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static JsonNode parse(Path file) throws IOException {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("%s is not JSON: %s".formatted(file, e.getOriginalMessage()), e);
        }
    }

    /** Refuses another value than the one the encoder is written for; {@code absent} is what a file without it means. */
    private void require(String key, String absent, String value) {
        String given = root.path(key).asText(absent);
        if (!given.equals(value)) {
            throw new IllegalArgumentException("%s: %s is '%s' but must be '%s'".formatted(file, key, given, value));
        }
    }

    private int integer(String key) {
        JsonNode node = number(key);
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw new IllegalArgumentException(
                    "%s is %s but must be a whole number up to %d".formatted(key, node, Integer.MAX_VALUE));
        }
        return node.intValue();
    }

    private JsonNode number(String key) {
        JsonNode node = root.path(key);
        if (!node.isNumber()) {
            throw new IllegalArgumentException(
                    node.isMissingNode() ? key + " is missing" : "%s is %s but must be a number".formatted(key, node));
        }
        return node;
    }
}
