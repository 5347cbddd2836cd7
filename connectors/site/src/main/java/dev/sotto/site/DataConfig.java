package dev.sotto.site;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonPOJOBuilder;
import dev.sotto.federation.ColumnNames;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.HeadSpec;
import dev.sotto.federation.ModelDesign;
import dev.sotto.federation.StatisticSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where some of a site's labelled texts are and how to read them.
 *
 * @param file a {@code .jsonl}, {@code .csv} or {@code .conll} file
 * @param columns from the task's columns to what the file calls them; one that is not a key is called as in the task
 * @param labels by head from the file's words to the task's labels; a word that is not a key is taken as it is, and an entity
 *     whose word leads to {@value HeadSpec#OUTSIDE} is none
 * @param validationShare the share of the rows that is held out and never trained on, from 0 to below 1
 */
@JsonDeserialize(builder = DataConfig.Builder.class)
public record DataConfig(
        Path file, Map<String, String> columns, Map<String, Map<String, String>> labels, double validationShare) {
    /** @throws ConfigurationException if a value is out of range */
    public DataConfig {
        columns = Map.copyOf(columns);
        labels = Map.copyOf(labels);
        if (!(validationShare >= 0 && validationShare < 1)) {
            throw new ConfigurationException(
                    "data.validationShare is %s but must be from 0 to below 1".formatted(validationShare));
        }
    }

    /** The same with {@code file} resolved against a directory. */
    DataConfig in(Path directory) {
        return new DataConfig(directory.resolve(file), columns, labels, validationShare);
    }

    /** What the file calls a column of the task. */
    String column(String ofTask) {
        return columns.getOrDefault(ofTask, ofTask);
    }

    /**
     * Checks that all that is said is of the task's.
     *
     * @throws ConfigurationException naming what is not
     */
    void requireOf(ColumnNames ofTask, ModelDesign design) {
        List<String> known = new ArrayList<>(List.of(ofTask.text()));
        if (ofTask.second() != null) {
            known.add(ofTask.second());
        }
        design.heads().forEach(head -> known.add(head.name()));
        design.statistics().stream().map(StatisticSpec::column).forEach(known::add);
        columns.keySet().forEach(name -> require(known.contains(name), "data.columns has", name, known));
        labels.forEach((head, words) -> {
            List<String> heads = design.heads().stream().map(HeadSpec::name).toList();
            require(heads.contains(head), "data.labels has", head, heads);
            List<String> to =
                    new ArrayList<>(design.heads().get(design.head(head)).labels());
            if (design.head(head) == design.tokensHead()) {
                to.add(HeadSpec.OUTSIDE);
            }
            words.values()
                    .forEach(label -> require(to.contains(label), "data.labels." + head + " leads to", label, to));
        });
    }

    private static void require(boolean holds, String what, String name, List<String> known) {
        if (!holds) {
            throw new ConfigurationException(
                    "%s '%s', which is not one of the task's: %s".formatted(what, name, known));
        }
    }

    /** The keys as YAML gives them; those that are not required have their default here. */
    @JsonPOJOBuilder(withPrefix = "")
    static final class Builder {
        @JsonProperty
        private @Nullable String file;

        @JsonProperty
        private Map<String, String> columns = Map.of();

        @JsonProperty
        private Map<String, Map<String, String>> labels = Map.of();

        @JsonProperty
        private double validationShare;

        DataConfig build() {
            return new DataConfig(Path.of(SiteConfig.required("data.file", file)), columns, labels, validationShare);
        }
    }
}
