package dev.sotto.site;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a file holds texts that are to be scored. */
public enum TextFormat {
    /** One text a line; empty lines are skipped. */
    TEXT,
    /** One JSON object a line. */
    JSONL,
    /** Comma-separated values with a header line. */
    CSV;

    /** Receives texts in the file's order. */
    public interface Texts {
        /**
         * A text.
         *
         * @param line on which it begins, from 1
         * @param second the other text of a pair; null if none is asked for
         */
        void text(long line, String text, @Nullable String second);

        /** A row that has none. */
        void bad(BadRow row);
    }

    /** What a file's name says: plain text if it ends neither in {@code .jsonl} nor in {@code .csv}. */
    public static TextFormat of(Path file) {
        String name = file.toString();
        return name.endsWith(".jsonl") ? JSONL : name.endsWith(".csv") ? CSV : TEXT;
    }

    /**
     * Reads all texts.
     *
     * @param text the column of the text; of no matter in plain text
     * @param second the column of the other text of pairs, null if there are none
     * @throws DataException if no row after a certain place can be read; the message quotes nothing of it
     */
    public void read(InputStream in, String text, @Nullable String second, Texts texts) throws IOException {
        RowReader reader =
                switch (this) {
                    case TEXT -> new PlainReader(text);
                    case JSONL -> new JsonlReader();
                    case CSV -> new CsvReader();
                };
        Set<String> columns = second == null ? Set.of(text) : Set.of(text, second);
        reader.read(in, columns, columns, new RowReader.Rows() {
            @Override
            public void row(long line, RowReader.Row row) {
                String first = row.value(text);
                String other = second == null ? null : row.value(second);
                if (first == null || first.isBlank()) {
                    bad(line, "the text is missing or empty");
                } else if (second != null && (other == null || other.isBlank())) {
                    bad(line, "the second text is missing or empty");
                } else {
                    texts.text(line, first, other);
                }
            }

            @Override
            public void bad(long line, String reason) {
                texts.bad(new BadRow(line, reason));
            }
        });
    }
}
