package dev.sotto.federation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The base model a task adapts, by name and shape, so that the parameters' layout is known without loading it.
 *
 * @param name the base model's name, for example {@code all-minilm-l6-v2}, or the absolute path of a Hugging Face
 *     directory, the same at every site
 * @param layers the number of encoder layers, 1 to 96
 * @param hidden the width of the encoder, 8 to 8192
 * @param sha256 lower-case hex of the file of its weights; null asks for no certain one, which a directory may not
 */
public record BaseSpec(
        String name,
        int layers,
        int hidden,
        // Left out where there is none, so that the hash of a task that names no weights is what it was.
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String sha256) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public BaseSpec {
        Check.require(name != null && !name.isBlank(), "base.name", name, "a base model's name");
        Check.require(
                name.startsWith("/") || name.indexOf('/') < 0,
                "base.name",
                name,
                "the name of a base model or the absolute path of a directory; nothing is downloaded");
        Check.require(layers >= 1 && layers <= 96, "base.layers", layers, "between 1 and 96");
        Check.require(hidden >= 8 && hidden <= 8192, "base.hidden", hidden, "between 8 and 8192");
        Check.require(
                sha256 == null || SHA256.matcher(sha256).matches(),
                "base.sha256",
                sha256,
                "64 lower-case hexadecimal digits: the SHA-256 of the file of weights");
        Check.require(
                sha256 != null || !name.startsWith("/"),
                "base.sha256",
                sha256,
                "given for a directory, or sites could add up updates of different weights: it is what 'sha256sum model.safetensors' prints");
    }

    /** The shape alone. */
    public BaseShape shape() {
        return new BaseShape(layers, hidden);
    }
}
