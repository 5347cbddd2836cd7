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

/** Comma-separated values after RFC 4180 in UTF-8, with a header line. A row's line is the one it begins on. */
final class CsvReader implements RowReader {
    private static final CsvMapper CSV = CsvMapper.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(CsvParser.Feature.WRAP_AS_ARRAY)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .build();

    @Override
    public void read(InputStream in, String textColumn, String labelColumn, Rows rows) throws IOException {
        // A new decoder reports what is not UTF-8; one made for a charset replaces it.
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
        long line = 1;
        try (MappingIterator<String[]> lines = CSV.readerFor(String[].class).readValues(reader)) {
            if (!lines.hasNextValue()) {
                throw new DataException("it is empty; expected a header line with the columns' names");
            }
            List<String> header = List.of(lines.nextValue());
            int text = column(header, textColumn);
            int label = column(header, labelColumn);
            line = next(lines);
            while (lines.hasNextValue()) {
                String[] row = lines.nextValue();
                if (row.length == header.size()) {
                    rows.row(line, row[text], row[label]);
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

    private static int column(List<String> header, String name) {
        int index = header.indexOf(name);
        if (index < 0) {
            throw new DataException(
                    "it has no column '%s'; its header names %d columns".formatted(name, header.size()));
        }
        return index;
    }

    private static long next(MappingIterator<String[]> lines) {
        return lines.getParser().currentLocation().getLineNr();
    }
}
