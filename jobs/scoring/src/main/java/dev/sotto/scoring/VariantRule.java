package dev.sotto.scoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.bert.Variant;
import dev.sotto.federation.ConfigurationException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which arithmetic models shall serve in, and the rows on which it must be as good as single precision; travels with the
 * operators, so the rows must not hold personal data.
 *
 * @param wanted the arithmetic
 * @param rows the rows; none if single precision is wanted
 */
public record VariantRule(Variant wanted, List<LabelledText> rows) implements Serializable {
    /** Models serve in single precision. */
    public static final VariantRule SINGLE_PRECISION = new VariantRule(Variant.FP32, List.of());

    /** Below this one row alone would be more than {@link VariantGate#LOSS}. */
    static final int LEAST_ROWS = 200;

    /** Both arithmetics judge every row of every new model: some twenty seconds on one core, in which the gate does nothing else. */
    static final int MOST_ROWS = 2_000;

    public VariantRule {
        rows = List.copyOf(rows);
        boolean gated = wanted != Variant.FP32;
        if (gated && (rows.size() < LEAST_ROWS || rows.size() > MOST_ROWS)) {
            throw new IllegalArgumentException(
                    "%s is %s, which needs %d to %d rows to be held against FP32 on, but there are %d; name a file of labelled rows with %s"
                            .formatted(
                                    ScoringOptions.VARIANT.key(),
                                    wanted,
                                    LEAST_ROWS,
                                    MOST_ROWS,
                                    rows.size(),
                                    ScoringOptions.VALIDATION.key()));
        }
    }

    /**
     * Reads the rows.
     *
     * @param file JSON Lines with the text in the task's column and the class in one of the head's name
     * @param column the task's column of texts
     * @throws ConfigurationException if the file cannot be read or a line is no such row
     */
    static VariantRule read(Variant wanted, Path file, ServedTask task, String column) {
        String head = task.design().heads().get(task.head()).name();
        List<LabelledText> rows = new ArrayList<>();
        ObjectMapper json = new ObjectMapper();
        try {
            for (String line : Files.readAllLines(file)) {
                JsonNode row = json.readTree(line);
                int label = task.labels().indexOf(row.path(head).asText());
                if (!row.path(column).isTextual() || label < 0) {
                    throw new ConfigurationException("line %d of %s must have a text '%s' and a '%s' that is one of %s"
                            .formatted(rows.size() + 1, file, column, head, task.labels()));
                }
                rows.add(new LabelledText(row.path(column).asText(), label));
            }
        } catch (JsonProcessingException e) {
            // Its message may quote the line.
            throw new ConfigurationException("line %d of %s is not JSON".formatted(rows.size() + 1, file));
        } catch (IOException e) {
            throw new ConfigurationException("cannot read " + file + ": " + e.getMessage(), e);
        }
        return new VariantRule(wanted, rows);
    }
}
