package dev.sotto.site;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Comma-separated values after RFC 4180 in UTF-8, with a header line. A row's line is the one it begins on. */
final class CsvReader implements RowReader {
    private static final CsvMapper CSV = CsvMapper.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(CsvParser.Feature.WRAP_AS_ARRAY)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .build();

    @Override
    public void read(InputStream in, Set<String> required, Set<String> labels, Rows rows) throws IOException {
        // A new decoder reports what is not UTF-8; one made for a charset replaces it.
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
        long line = 1;
        try (MappingIterator<String[]> lines = CSV.readerFor(String[].class).readValues(reader)) {
            if (!lines.hasNextValue()) {
                throw new DataException("it is empty; expected a header line with the columns' names");
            }
            List<String> header = List.of(lines.nextValue());
            requireColumns(header, required, labels);
            line = next(lines);
            while (lines.hasNextValue()) {
                String[] row = lines.nextValue();
                if (row.length == header.size()) {
                    rows.row(line, new Cells(header, row));
                } else {
                    rows.bad(line, "%d columns but the header has %d".formatted(row.length, header.size()));
                }
                line = next(lines);
            }
        } catch (JsonProcessingException e) {
            throw new DataException(
                    "the row at line %d is not CSV, for example a quote that is never closed".formatted(line));
        } catch (CharacterCodingException e) {
            throw new DataException("it is not UTF-8 after line %d; convert it".formatted(line), e);
        }
    }

    private static void requireColumns(List<String> header, Set<String> required, Set<String> labels) {
        for (String name : required) {
            if (!header.contains(name)) {
                throw new DataException(
                        "it has no column '%s'; its header names %d columns".formatted(name, header.size()));
            }
        }
        if (labels.stream().noneMatch(header::contains)) {
            throw new DataException("it has no column of labels, which would be one of %s; its header names %d columns"
                    .formatted(labels, header.size()));
        }
    }

    /** A row under the header's names. */
    private record Cells(List<String> header, String[] cells) implements Row {
        @Override
        public @Nullable String value(String column) {
            int index = header.indexOf(column);
            return index < 0 ? null : cells[index];
        }

        @Override
        public @Nullable List<NamedSpan> entities(String column) {
            return null;
        }
    }

    private static long next(MappingIterator<String[]> lines) {
        return lines.getParser().currentLocation().getLineNr();
    }
}
