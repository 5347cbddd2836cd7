package dev.sotto.site;

import dev.sotto.bert.EntitySpan;
import dev.sotto.bert.Example;
import dev.sotto.bert.TextPair;
import dev.sotto.federation.ColumnNames;
import dev.sotto.federation.HeadKind;
import dev.sotto.federation.HeadSpec;
import dev.sotto.federation.ModelDesign;
import dev.sotto.federation.StatisticSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns a file's rows into examples of a task; what is wrong with one is told by its line. Not thread-safe. */
final class RowCollector implements RowReader.Rows {
    private final DataConfig config;
    private final ColumnNames columns;
    private final ModelDesign design;
    private final List<Example> examples = new ArrayList<>();
    private final List<BadRow> bad = new ArrayList<>();

    RowCollector(DataConfig config, ColumnNames columns, ModelDesign design) {
        this.config = config;
        this.columns = columns;
        this.design = design;
    }

    /** The columns that every row needs. */
    Set<String> required() {
        Set<String> required = new LinkedHashSet<>(List.of(config.column(columns.text())));
        if (columns.second() != null) {
            required.add(config.column(columns.second()));
        }
        return required;
    }

    /** The columns of labels. */
    Set<String> labels() {
        Set<String> labels = new LinkedHashSet<>();
        design.heads().forEach(head -> labels.add(config.column(head.name())));
        return labels;
    }

    List<Example> examples() {
        return examples;
    }

    List<BadRow> badRows() {
        return bad;
    }

    @Override
    public void row(long line, RowReader.Row row) {
        try {
            examples.add(example(row));
        } catch (DataException e) {
            bad(line, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void bad(long line, String reason) {
        bad.add(new BadRow(line, reason));
    }

    private Example example(RowReader.Row row) {
        String text = text(row, columns.text(), "the text");
        String second = columns.second() == null ? "" : text(row, columns.second(), "the second text");
        List<Integer> labels = new ArrayList<>();
        List<EntitySpan> entities = null;
        for (HeadSpec head : design.heads()) {
            if (head.kind() == HeadKind.TOKENS) {
                entities = entities(row, head, text);
                labels.add(Example.UNKNOWN);
            } else {
                labels.add(label(row, head));
            }
        }
        if (entities == null && labels.stream().allMatch(label -> label == Example.UNKNOWN)) {
            throw new DataException("the label is missing or empty");
        }
        return new Example(new TextPair(text, second), labels, entities, values(row));
    }

    private String text(RowReader.Row row, String column, String what) {
        String text = row.value(config.column(column));
        if (text == null || text.isBlank()) {
            throw new DataException(what + " is missing or empty");
        }
        return text;
    }

    private int label(RowReader.Row row, HeadSpec head) {
        String value = row.value(config.column(head.name()));
        if (value == null || value.isBlank()) {
            return Example.UNKNOWN;
        }
        int label = head.labels().indexOf(ofTask(head, value.strip()));
        if (label < 0) {
            throw new DataException("the %s is not one of the task's labels".formatted(head.name()));
        }
        return label;
    }

    private String ofTask(HeadSpec head, String word) {
        return config.labels().getOrDefault(head.name(), Map.of()).getOrDefault(word, word);
    }

    private @Nullable List<EntitySpan> entities(RowReader.Row row, HeadSpec head, String text) {
        List<NamedSpan> spans = row.entities(config.column(head.name()));
        if (spans == null) {
            return null;
        }
        List<EntitySpan> entities = new ArrayList<>();
        for (NamedSpan span : spans) {
            String kind = ofTask(head, span.kind());
            if (kind.equals(HeadSpec.OUTSIDE)) {
                continue;
            }
            int label = head.labels().indexOf(kind);
            if (label < 0) {
                throw new DataException(
                        "an entity's kind is not one of the task's labels of %s".formatted(head.name()));
            }
            if (span.start() < 0 || span.end() <= span.start() || span.end() > text.length()) {
                throw new DataException("an entity from %d to %d is not in a text of %d characters"
                        .formatted(span.start(), span.end(), text.length()));
            }
            entities.add(new EntitySpan(span.start(), span.end(), label));
        }
        return entities;
    }

    private List<Double> values(RowReader.Row row) {
        List<Double> values = new ArrayList<>();
        for (StatisticSpec statistic : design.statistics()) {
            String value = row.value(config.column(statistic.column()));
            if (value == null || value.isBlank()) {
                values.add(Double.NaN);
                continue;
            }
            try {
                values.add(Double.parseDouble(value.strip()));
            } catch (NumberFormatException e) {
                throw new DataException("the %s is not a number".formatted(statistic.column()));
            }
        }
        return values;
    }
}
