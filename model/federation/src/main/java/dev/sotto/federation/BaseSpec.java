package dev.sotto.federation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The base model a task adapts, by name and shape, so that the parameters' layout is known without loading it.
 *
 * @param name the base model's name, for example {@code all-minilm-l6-v2}; or of a Hugging Face directory, its name among a
 *     machine's base models or its absolute path
 * @param layers the number of encoder layers, 1 to 96
 * @param hidden the width of the encoder, 8 to 8192
 * @param sha256 lower-case hex of the file of its weights; null asks for no certain one, which a directory may not
 * @param setupSha256 lower-case hex of what reads the weights, its configuration and its tokenizer; null as above
 */
public record BaseSpec(
        String name,
        int layers,
        int hidden,
        // Left out where there is none, so that the hash of a task that names no weights is what it was.
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String sha256,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String setupSha256) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    public BaseSpec {
        Check.require(name != null && !name.isBlank(), "base.name", name, "a base model's name");
        Check.require(
                name.startsWith("/") || NAME.matcher(name).matches(),
                "base.name",
                name,
                "the name of a base model or the absolute path of a directory; nothing is downloaded");
        Check.require(layers >= 1 && layers <= 96, "base.layers", layers, "between 1 and 96");
        Check.require(hidden >= 8 && hidden <= 8192, "base.hidden", hidden, "between 8 and 8192");
        requireHash("base.sha256", sha256, name);
        requireHash("base.setupSha256", setupSha256, name);
    }

    private static void requireHash(String key, @Nullable String value, String name) {
        Check.require(
                value == null || SHA256.matcher(value).matches(),
                key,
                value,
                "64 lower-case hexadecimal digits, as 'sotto model base' prints them");
        Check.require(
                value != null || !name.startsWith("/"),
                key,
                value,
                "given for a directory, or sites could add up updates of different models: 'sotto model base' prints it");
    }

    /** Whether it says which weights it means and how they are read. */
    @JsonIgnore
    public boolean isPinned() {
        return sha256 != null && setupSha256 != null;
    }

    /** The shape alone. */
    public BaseShape shape() {
        return new BaseShape(layers, hidden);
    }
}
