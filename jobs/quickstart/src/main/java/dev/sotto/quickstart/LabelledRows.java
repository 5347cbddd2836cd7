package dev.sotto.quickstart;

import dev.sotto.bert.Example;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.site.BadRow;
import dev.sotto.site.DataConfig;
import dev.sotto.site.DataException;
import dev.sotto.site.SiteDataset;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name a file of labelled texts and its columns. */
final class LabelledRows {
    private static final int SHOWN = 5;

    @Option(
            names = "--text",
            paramLabel = "COLUMN",
            description = "The column or JSON field of the text (default: ${DEFAULT-VALUE}).")
    private String text = "text";

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            description = "The column or JSON field of the label (default: ${DEFAULT-VALUE}).")
    private String label = "label";

    @Option(
            names = "--word",
            paramLabel = "WORD=LABEL",
            description = "What a word of the file means as a label of the task; may be repeated.")
    private Map<String, String> words = new TreeMap<>();

    /**
     * Reads a file; rows that cannot be used are told by line and left out.
     *
     * @param heldOut the share to hold out
     * @throws ConfigurationException if it cannot be used
     */
    SiteDataset read(Path file, List<String> labels, double heldOut, long seed, @Nullable PrintWriter out) {
        SiteDataset data;
        try {
            data = SiteDataset.read(new DataConfig(file, text, label, words, heldOut), labels, seed);
        } catch (DataException e) {
            throw new ConfigurationException(String.valueOf(e.getMessage()), e);
        }
        List<BadRow> bad = data.badRows();
        if (out != null && !bad.isEmpty()) {
            out.printf("%d rows of %s are left out; %s%n", bad.size(), file, shown(bad));
        }
        return data;
    }

    /** All usable rows of a file. */
    List<Example> all(Path file, List<String> labels, PrintWriter out) {
        return read(file, labels, 0, 0, out).training();
    }

    private static String shown(List<BadRow> bad) {
        String first = String.join(
                "; ", bad.stream().limit(SHOWN).map(BadRow::toString).toList());
        return bad.size() > SHOWN ? first + " and more" : first;
    }
}
