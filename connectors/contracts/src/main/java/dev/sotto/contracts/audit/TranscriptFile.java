package dev.sotto.contracts.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.secagg.TaskId;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A task's records in a file, as they lay in their topics: a line of JSON each, keys and values in base64, between a line
 * that names the task and one that counts them, so that a file that was cut is not taken for a whole one. With a name that
 * ends in {@code .gz} it is compressed. The file proves nothing by itself; what is in it does. Stateless.
 */
public final class TranscriptFile {
    private static final String FORMAT = "sotto-transcript/1";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private TranscriptFile() {}

    /** Writes a file; it appears under its name once it is whole. Not thread-safe. */
    public static final class Output implements AutoCloseable {
        private final Path file;
        private final Path partial;
        private final Writer out;
        private long records;

        private Output(Path file, Path partial, Writer out) {
            this.file = file;
            this.partial = partial;
            this.out = out;
        }

        /** Writes the next record. */
        public void write(TranscriptEntry entry) throws IOException {
            ObjectNode line = MAPPER.createObjectNode()
                    .put("topic", entry.topic())
                    .put("offset", entry.offset())
                    .put("key", entry.key())
                    .put("value", entry.value());
            line(line);
            records++;
        }

        private void line(ObjectNode line) throws IOException {
            out.write(MAPPER.writeValueAsString(line));
            out.write('\n');
        }

        /** Completes the file; returns how many records it holds. */
        public long finish() throws IOException {
            line(MAPPER.createObjectNode().put("records", records));
            out.close();
            Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
            return records;
        }

        /** Leaves nothing behind of a file that was not finished. */
        @Override
        public void close() throws IOException {
            out.close();
            Files.deleteIfExists(partial);
        }
    }

    /** Begins a file. */
    public static Output create(Path file, TaskId task) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        OutputStream raw = Files.newOutputStream(partial);
        OutputStream bytes = compressed(file) ? new GZIPOutputStream(raw) : raw;
        Output output =
                new Output(file, partial, new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8)));
        output.line(MAPPER.createObjectNode().put("format", FORMAT).put("task", task.value()));
        return output;
    }

    /**
     * Reads a file, record by record.
     *
     * @throws IOException if it cannot be read, is cut, or is of another format or task
     */
    public static void read(Path file, TaskId task, Consumer<TranscriptEntry> entries) throws IOException {
        try (InputStream raw = Files.newInputStream(file);
                InputStream bytes = compressed(file) ? new GZIPInputStream(raw) : raw;
                BufferedReader in = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8))) {
            JsonNode head = line(file, 1, in.readLine());
            require(FORMAT.equals(head.path("format").asText()), file, 1, "is not of a file in format " + FORMAT);
            String named = head.path("task").asText();
            require(named.equals(task.value()), file, 1, "names task '" + named + "', not '" + task.value() + "'");
            long records = 0;
            JsonNode line = line(file, 2, in.readLine());
            while (!line.has("records")) {
                entries.accept(entry(file, records + 2, line));
                records++;
                line = line(file, records + 2, in.readLine());
            }
            long counted = line.path("records").asLong();
            require(counted == records, file, records + 2, "counts %d records, not %d".formatted(counted, records));
        }
    }

    private static boolean compressed(Path file) {
        return file.toString().endsWith(".gz");
    }

    private static JsonNode line(Path file, long number, @Nullable String text) throws IOException {
        if (text == null) {
            throw new IOException("%s ends before line %d; it was cut: export it again".formatted(file, number));
        }
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IOException("%s, line %d, is not JSON".formatted(file, number), e);
        }
    }

    private static TranscriptEntry entry(Path file, long number, JsonNode line) throws IOException {
        require(line.path("topic").isTextual() && line.path("offset").isIntegralNumber(), file, number, "is no record");
        try {
            byte[] key = line.path("key").binaryValue();
            byte[] value = line.path("value").binaryValue();
            return new TranscriptEntry(
                    line.path("topic").asText(), line.path("offset").asLong(), key, value);
        } catch (IOException e) {
            throw new IOException("%s, line %d: key or value is no base64".formatted(file, number), e);
        }
    }

    private static void require(boolean holds, Path file, long number, String wrong) throws IOException {
        if (!holds) {
            throw new IOException("%s, line %d, %s".formatted(file, number, wrong));
        }
    }
}
