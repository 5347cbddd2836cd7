package dev.sotto.quickstart.bench;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.sotto.bert.Example;
import dev.sotto.bert.TextPair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SEntFiN 1.0: of every headline a row for each company that it names, with what it says of it. */
final class SentfinFile {
    private static final List<String> LABELS = List.of("negative", "neutral", "positive");

    /** An entity and its sentiment, in either of Python's quotes. */
    private static final Pattern DECISION =
            Pattern.compile("(?:'([^']*)'|\"([^\"]*)\"): '(negative|neutral|positive)'");

    private SentfinFile() {}

    /** The rows of every headline, headlines in the order of the file. */
    static List<List<Example>> read(Path file) throws IOException {
        List<List<Example>> headlines = new ArrayList<>();
        CsvSchema header = CsvSchema.emptySchema().withHeader();
        try (MappingIterator<Map<String, String>> lines =
                new CsvMapper().readerForMapOf(String.class).with(header).readValues(file.toFile())) {
            while (lines.hasNext()) {
                Map<String, String> line = lines.next();
                Matcher decision = DECISION.matcher(line.get("Decisions"));
                List<Example> rows = new ArrayList<>();
                while (decision.find()) {
                    String company = decision.group(1) == null ? decision.group(2) : decision.group(1);
                    rows.add(new Example(
                            new TextPair(line.get("Title"), company),
                            List.of(LABELS.indexOf(decision.group(3))),
                            null,
                            List.of()));
                }
                headlines.add(rows);
            }
        }
        return headlines;
    }
}
