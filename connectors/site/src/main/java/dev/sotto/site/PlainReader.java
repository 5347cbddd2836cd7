package dev.sotto.site;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One text a line, in UTF-8; empty lines are skipped. */
final class PlainReader implements RowReader {
    private final String text;

    /** @param text what the column of the text is called */
    PlainReader(String text) {
        this.text = text;
    }

    @Override
    public void read(InputStream in, Set<String> required, Set<String> labels, Rows rows) throws IOException {
        // A new decoder reports what is not UTF-8; one made for a charset replaces it.
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
        long number = 0;
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    rows.row(number, new Line(text, line));
                }
            }
        } catch (CharacterCodingException e) {
            throw new DataException("it is not UTF-8 after line %d; convert it".formatted(number), e);
        }
    }

    private record Line(String column, String text) implements Row {
        @Override
        public @Nullable String value(String asked) {
            return asked.equals(column) ? text : null;
        }

        @Override
        public @Nullable List<NamedSpan> entities(String asked) {
            return null;
        }
    }
}
