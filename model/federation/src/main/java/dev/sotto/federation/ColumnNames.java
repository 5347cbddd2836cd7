package dev.sotto.federation;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What the columns of a task's texts are called; a site may call them otherwise. Labels are in columns of their heads' names.
 *
 * @param text of the text
 * @param second of the other text where the model judges pairs, null where it does not
 */
public record ColumnNames(String text, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String second) {
    public ColumnNames {
        Check.require(!text.isBlank(), "columns.text", text, "a column's name");
        Check.require(
                second == null || !(second.isBlank() || second.equals(text)),
                "columns.second",
                String.valueOf(second),
                "the name of another column, or left out");
    }
}
