package dev.sotto.federation;

/**
 * The base model a task adapts, by name and shape, so that the parameters' layout is known without loading it.
 *
 * @param name the base model's name, for example {@code all-minilm-l6-v2}
 * @param layers the number of encoder layers, 1 to 96
 * @param hidden the width of the encoder, 8 to 8192
 */
public record BaseSpec(String name, int layers, int hidden) {
    public BaseSpec {
        Check.require(name != null && !name.isBlank(), "base.name", name, "a base model's name");
        Check.require(layers >= 1 && layers <= 96, "base.layers", layers, "between 1 and 96");
        Check.require(hidden >= 8 && hidden <= 8192, "base.hidden", hidden, "between 8 and 8192");
    }

    /** The shape alone. */
    public BaseShape shape() {
        return new BaseShape(layers, hidden);
    }
}
