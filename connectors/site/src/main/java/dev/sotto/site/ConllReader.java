package dev.sotto.site;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sentences in the format of the CoNLL tasks, in UTF-8: a word a line, its BIO tag behind the last blank or tab, an empty line
 * between sentences. A row's text is its words with a blank between them, its entities are in any column that is asked for, and its line is its first
 * word's.
 */
final class ConllReader implements RowReader {
    private static final String DOCUMENT = "-DOCSTART-";

    private final String text;

    /** @param text what the column of the text is called */
    ConllReader(String text) {
        this.text = text;
    }

    @Override
    public void read(InputStream in, Set<String> required, Set<String> labels, Rows rows) throws IOException {
        // A new decoder reports what is not UTF-8; one made for a charset replaces it.
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
        long number = 0;
        Sentence sentence = new Sentence(text, 1);
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isBlank()) {
                    sentence.deliver(rows);
                    sentence = new Sentence(text, number + 1);
                } else if (!line.startsWith(DOCUMENT)) {
                    sentence.add(line);
                }
            }
        } catch (CharacterCodingException e) {
            throw new DataException("it is not UTF-8 after line %d; convert it".formatted(number), e);
        }
        sentence.deliver(rows);
    }

    /** A sentence as it comes, word by word. */
    private static final class Sentence implements Row {
        private final String column;
        private final long line;
        private final StringBuilder text = new StringBuilder();
        private final List<NamedSpan> spans = new ArrayList<>();
        private @Nullable String open;
        private boolean bad;

        Sentence(String column, long line) {
            this.column = column;
            this.line = line;
        }

        void add(String word) {
            String stripped = word.strip();
            int cut = Math.max(stripped.lastIndexOf('\t'), stripped.lastIndexOf(' '));
            String tag = stripped.substring(cut + 1);
            if (cut < 0 || !(tag.equals("O") || tag.startsWith("B-") || tag.startsWith("I-"))) {
                bad = true;
                return;
            }
            int from = text.isEmpty() ? 0 : text.length() + 1;
            text.append(text.isEmpty() ? "" : " ").append(stripped.split("[\t ]", 2)[0]);
            String kind = tag.equals("O") ? null : tag.substring(2);
            if (kind != null && tag.startsWith("I-") && kind.equals(open)) {
                NamedSpan last = spans.remove(spans.size() - 1);
                spans.add(new NamedSpan(last.start(), text.length(), kind));
            } else if (kind != null) {
                spans.add(new NamedSpan(from, text.length(), kind));
            }
            open = kind;
        }

        void deliver(Rows rows) {
            if (bad) {
                rows.bad(line, "a line of the sentence is not a word and a tag O, B-kind or I-kind");
            } else if (!text.isEmpty()) {
                rows.row(line, this);
            }
        }

        @Override
        public @Nullable String value(String asked) {
            return asked.equals(column) ? text.toString() : null;
        }

        @Override
        public List<NamedSpan> entities(String asked) {
            return List.copyOf(spans);
        }
    }
}
