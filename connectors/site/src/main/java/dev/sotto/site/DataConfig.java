package dev.sotto.site;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonPOJOBuilder;
import dev.sotto.federation.ConfigurationException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a site's labelled texts are and how to read them.
 *
 * @param file a {@code .jsonl} or {@code .csv} file
 * @param text the column that holds the text
 * @param label the column that holds the label
 * @param labels from the file's words to the task's labels; a word that is not a key is taken as it is
 * @param validationShare the share of the rows that is held out and never trained on, from 0 to below 1
 */
@JsonDeserialize(builder = DataConfig.Builder.class)
public record DataConfig(Path file, String text, String label, Map<String, String> labels, double validationShare) {
    /** @throws ConfigurationException if a value is out of range */
    public DataConfig {
        labels = Map.copyOf(labels);
        if (!(validationShare >= 0 && validationShare < 1)) {
            throw new ConfigurationException(
                    "data.validationShare is %s but must be from 0 to below 1".formatted(validationShare));
        }
    }

    /** The same with {@code file} resolved against a directory. */
    DataConfig in(Path directory) {
        return new DataConfig(directory.resolve(file), text, label, labels, validationShare);
    }

    /** The keys as YAML gives them; those that are not required have their default here. */
    @JsonPOJOBuilder(withPrefix = "")
    static final class Builder {
        @JsonProperty
        private @Nullable String file;

        @JsonProperty
        private @Nullable String text;

        @JsonProperty
        private @Nullable String label;

        @JsonProperty
        private Map<String, String> labels = Map.of();

        @JsonProperty
        private double validationShare;

        DataConfig build() {
            return new DataConfig(
                    Path.of(SiteConfig.required("data.file", file)),
                    SiteConfig.required("data.text", text),
                    SiteConfig.required("data.label", label),
                    labels,
                    validationShare);
        }
    }
}
