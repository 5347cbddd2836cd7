package dev.sotto.site;

import dev.sotto.bert.EntitySpan;
import dev.sotto.bert.Example;
import dev.sotto.federation.ColumnNames;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.HeadKind;
import dev.sotto.federation.HeadSpec;
import dev.sotto.federation.ModelDesign;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A site's labelled texts, in an order drawn from a seed, parted into rows to train on and rows held out. Immutable; it
 * prints numbers and never a text.
 */
public final class SiteDataset {
    private final ModelDesign design;
    private final List<Example> training;
    private final List<Example> validation;
    private final Map<Path, List<BadRow>> badRows;

    private SiteDataset(
            ModelDesign design, List<Example> training, List<Example> validation, Map<Path, List<BadRow>> badRows) {
        this.design = design;
        this.training = List.copyOf(training);
        this.validation = List.copyOf(validation);
        this.badRows = badRows;
    }

    /**
     * Reads files as a task's sites do. Rows that cannot be used are reported by {@link #badRows()} and skipped.
     *
     * @param files one or more
     * @param seed decides the order and which rows are held out; the same seed gives the same
     * @throws DataException if a file cannot be used at all
     * @throws ConfigurationException if a file's columns or labels are led to what the task does not have
     */
    public static SiteDataset read(List<DataConfig> files, ColumnNames columns, ModelDesign design, long seed) {
        List<Example> training = new ArrayList<>();
        List<Example> validation = new ArrayList<>();
        Map<Path, List<BadRow>> bad = new LinkedHashMap<>();
        for (DataConfig config : files) {
            RowCollector rows = read(config, columns, design);
            bad.put(config.file(), List.copyOf(rows.badRows()));
            rows.examples()
                    .forEach(example ->
                            (heldOut(example, seed, config.validationShare()) ? validation : training).add(example));
        }
        if (training.isEmpty()) {
            throw new DataException("data file %s has %d usable rows and all are held out; lower data.validationShare"
                    .formatted(files.get(0).file(), validation.size()));
        }
        shuffle(training, new SplittableRandom(seed));
        shuffle(validation, new SplittableRandom(seed));
        return new SiteDataset(design, training, validation, Collections.unmodifiableMap(bad));
    }

    private static RowCollector read(DataConfig config, ColumnNames columns, ModelDesign design) {
        config.requireOf(columns, design);
        RowCollector rows = new RowCollector(config, columns, design);
        try (InputStream in = Files.newInputStream(config.file())) {
            reader(config, columns).read(in, rows.required(), rows.labels(), rows);
        } catch (IOException e) {
            throw new DataException("data file %s cannot be read: %s".formatted(config.file(), e), e);
        } catch (DataException e) {
            throw new DataException("data file %s cannot be used: %s".formatted(config.file(), e.getMessage()), e);
        }
        if (rows.examples().isEmpty()) {
            throw new DataException("data file %s has no usable row (%d are bad%s)"
                    .formatted(
                            config.file(),
                            rows.badRows().size(),
                            rows.badRows().isEmpty()
                                    ? ""
                                    : "; the first is at " + rows.badRows().get(0)));
        }
        return rows;
    }

    /**
     * Whether a row is held out: by its own first text and the seed alone, so that it does not depend on what other rows there are, as the privacy
     * of a record asks, and the same text is never on both sides.
     */
    private static boolean heldOut(Example example, long seed, double share) {
        byte[] text = example.text().first().getBytes(StandardCharsets.UTF_8);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(ByteBuffer.allocate(Long.BYTES + text.length)
                            .putLong(seed)
                            .put(text)
                            .array());
            return (ByteBuffer.wrap(hash).getLong() >>> 11) * 0x1p-53 < share;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static RowReader reader(DataConfig config, ColumnNames columns) {
        String name = config.file().toString();
        if (name.endsWith(".jsonl")) {
            return new JsonlReader();
        }
        if (name.endsWith(".csv")) {
            return new CsvReader();
        }
        if (name.endsWith(".conll")) {
            return new ConllReader(config.column(columns.text()));
        }
        throw new DataException("its name ends neither in .jsonl nor in .csv nor in .conll");
    }

    private static void shuffle(List<Example> examples, SplittableRandom random) {
        for (int i = examples.size() - 1; i > 0; i--) {
            Collections.swap(examples, i, random.nextInt(i + 1));
        }
    }

    /** The rows to train on. */
    public List<Example> training() {
        return training;
    }

    /** The rows held out. */
    public List<Example> validation() {
        return validation;
    }

    /** The rows that were skipped, by file. */
    public Map<Path, List<BadRow>> badRows() {
        return badRows;
    }

    /**
     * The number of usable rows of every label, or where a head finds entities of the entities, by head and in the task's order; and of
     * every column of numbers how many rows have one.
     */
    public Map<String, Map<String, Integer>> counts() {
        Map<String, Map<String, Integer>> counts = new LinkedHashMap<>();
        List<Example> all =
                Stream.concat(training.stream(), validation.stream()).toList();
        for (int i = 0; i < design.heads().size(); i++) {
            HeadSpec head = design.heads().get(i);
            int place = i;
            Map<String, Integer> ofHead = new LinkedHashMap<>();
            head.labels().forEach(label -> ofHead.put(label, 0));
            all.stream()
                    .flatMapToInt(example ->
                            head.kind() == HeadKind.TEXT ? IntStream.of(example.label(place)) : entityLabels(example))
                    .filter(label -> label != Example.UNKNOWN)
                    .forEach(label -> ofHead.merge(head.labels().get(label), 1, Integer::sum));
            counts.put(head.name(), ofHead);
        }
        for (int i = 0; i < design.statistics().size(); i++) {
            int column = i;
            int present = (int) all.stream()
                    .filter(example -> !Double.isNaN(example.values().get(column)))
                    .count();
            counts.put(design.statistics().get(i).column(), Map.of("rows", present));
        }
        return counts;
    }

    private static IntStream entityLabels(Example example) {
        List<EntitySpan> entities = example.entities();
        return entities == null ? IntStream.empty() : entities.stream().mapToInt(EntitySpan::label);
    }
}
