package dev.sotto.site;

import dev.sotto.bert.Example;
import dev.sotto.federation.ConfigurationException;
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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A site's labelled texts, in an order drawn from a seed, parted into rows to train on and rows held out. Immutable; it
 * prints numbers and never a text.
 */
public final class SiteDataset {
    private final List<String> labels;
    private final List<Example> training;
    private final List<Example> validation;
    private final List<BadRow> badRows;

    private SiteDataset(List<String> labels, List<Example> training, List<Example> validation, List<BadRow> badRows) {
        this.labels = labels;
        this.training = List.copyOf(training);
        this.validation = List.copyOf(validation);
        this.badRows = List.copyOf(badRows);
    }

    /**
     * Reads a file. Rows that cannot be used are reported by {@link #badRows()} and skipped.
     *
     * @param labels the task's labels
     * @param seed decides the order and which rows are held out; the same seed gives the same
     * @throws DataException if the file cannot be used at all
     * @throws ConfigurationException if {@code data.labels} leads to a label that the task does not have
     */
    public static SiteDataset read(DataConfig config, List<String> labels, long seed) {
        config.labels().forEach((word, label) -> {
            if (!labels.contains(label)) {
                throw new ConfigurationException(
                        "data.labels leads to '%s', which is not one of the task's labels %s".formatted(label, labels));
            }
        });
        Collector rows = new Collector(config.labels(), labels);
        try (InputStream in = Files.newInputStream(config.file())) {
            reader(config.file()).read(in, config.text(), config.label(), rows);
        } catch (IOException e) {
            throw new DataException("data file %s cannot be read: %s".formatted(config.file(), e), e);
        } catch (DataException e) {
            throw new DataException("data file %s cannot be used: %s".formatted(config.file(), e.getMessage()), e);
        }
        if (rows.examples.isEmpty()) {
            throw new DataException("data file %s has no usable row (%d are bad%s)"
                    .formatted(
                            config.file(),
                            rows.bad.size(),
                            rows.bad.isEmpty() ? "" : "; the first is at " + rows.bad.get(0)));
        }
        shuffle(rows.examples, new SplittableRandom(seed));
        List<Example> training = new ArrayList<>();
        List<Example> validation = new ArrayList<>();
        rows.examples.forEach(
                example -> (heldOut(example, seed, config.validationShare()) ? validation : training).add(example));
        if (training.isEmpty()) {
            throw new DataException("data file %s has %d usable rows and all are held out; lower data.validationShare"
                    .formatted(config.file(), rows.examples.size()));
        }
        return new SiteDataset(List.copyOf(labels), training, validation, rows.bad);
    }

    /**
     * Whether a row is held out: by its own text and the seed alone, so that it does not depend on what other rows there are, as the privacy
     * of a record asks, and the same text is never on both sides.
     */
    private static boolean heldOut(Example example, long seed, double share) {
        byte[] text = example.text().getBytes(StandardCharsets.UTF_8);
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

    private static RowReader reader(Path file) {
        String name = file.toString();
        if (name.endsWith(".jsonl")) {
            return new JsonlReader();
        }
        if (name.endsWith(".csv")) {
            return new CsvReader();
        }
        throw new DataException("its name ends neither in .jsonl nor in .csv");
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

    /** The rows that were skipped. */
    public List<BadRow> badRows() {
        return badRows;
    }

    /** The number of usable rows of every label, in the order of the task's labels. */
    public Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>(Comparator.comparingInt(labels::indexOf));
        labels.forEach(label -> counts.put(label, 0));
        for (List<Example> part : List.of(training, validation)) {
            part.forEach(example -> counts.merge(labels.get(example.label()), 1, Integer::sum));
        }
        return counts;
    }

    /** Turns rows into examples. */
    private static final class Collector implements RowReader.Rows {
        private final Map<String, String> words;
        private final List<String> labels;
        private final List<Example> examples = new ArrayList<>();
        private final List<BadRow> bad = new ArrayList<>();

        Collector(Map<String, String> words, List<String> labels) {
            this.words = words;
            this.labels = labels;
        }

        @Override
        public void row(long line, @Nullable String text, @Nullable String label) {
            if (text == null || text.isBlank()) {
                bad(line, "the text is missing or empty");
            } else if (label == null || label.isBlank()) {
                bad(line, "the label is missing or empty");
            } else {
                String word = label.strip();
                int index = labels.indexOf(words.getOrDefault(word, word));
                if (index < 0) {
                    bad(line, "the label is not one of the task's");
                } else {
                    examples.add(new Example(text, index));
                }
            }
        }

        @Override
        public void bad(long line, String reason) {
            bad.add(new BadRow(line, reason));
        }
    }
}
