package dev.sotto.quickstart;

import dev.sotto.bert.Example;
import dev.sotto.federation.ColumnNames;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.HeadSpec;
import dev.sotto.federation.ModelDesign;
import dev.sotto.site.DataConfig;
import dev.sotto.site.DataException;
import dev.sotto.site.SiteDataset;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** The options that say how to read files of labelled texts. */
final class LabelledRows {
    private static final int SHOWN = 5;

    @Option(
            names = "--column",
            paramLabel = "NAME=COLUMN",
            description = "What the files call a column of the task, for example sentiment=stars; may be repeated.")
    private Map<String, String> columns = new TreeMap<>();

    @Option(
            names = "--word",
            paramLabel = "HEAD:WORD=LABEL",
            description =
                    "What a word of the files means as a label of a head, for example sentiment:5=positive; may be repeated.")
    private Map<String, String> words = new TreeMap<>();

    /**
     * Reads files; rows that cannot be used are told by line and left out.
     *
     * @param heldOut the share to hold out
     * @throws ConfigurationException if they cannot be used
     */
    SiteDataset read(
            List<Path> files, ColumnNames names, ModelDesign design, double heldOut, long seed, PrintWriter out) {
        Map<String, Map<String, String>> labels = labels();
        SiteDataset data;
        try {
            data = SiteDataset.read(
                    files.stream()
                            .map(file -> new DataConfig(file, columns, labels, heldOut))
                            .toList(),
                    names,
                    design,
                    seed);
        } catch (DataException e) {
            throw new ConfigurationException(String.valueOf(e.getMessage()), e);
        }
        data.badRows().forEach((file, bad) -> {
            if (!bad.isEmpty()) {
                out.printf(
                        "%d rows of %s are left out; %s%s%n",
                        bad.size(),
                        file,
                        String.join(
                                "; ",
                                bad.stream().limit(SHOWN).map(String::valueOf).toList()),
                        bad.size() > SHOWN ? " and more" : "");
            }
        });
        return data;
    }

    /** All usable rows of files. */
    List<Example> all(List<Path> files, ColumnNames names, ModelDesign design, PrintWriter out) {
        return read(files, names, design, 0, 0, out).training();
    }

    private Map<String, Map<String, String>> labels() {
        Map<String, Map<String, String>> labels = new TreeMap<>();
        words.forEach((key, label) -> {
            int colon = key.indexOf(':');
            if (colon < 1) {
                throw new ConfigurationException(
                        "--word is %s=%s but must be HEAD:WORD=LABEL, for example sentiment:5=positive or ner:group=%s"
                                .formatted(key, label, HeadSpec.OUTSIDE));
            }
            labels.computeIfAbsent(key.substring(0, colon), head -> new TreeMap<>())
                    .put(key.substring(colon + 1), label);
        });
        return labels;
    }
}
