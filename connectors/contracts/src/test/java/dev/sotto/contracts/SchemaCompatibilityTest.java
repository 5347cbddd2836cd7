package dev.sotto.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The schemas as released must be readable by today's code and today's by the released code. */
class SchemaCompatibilityTest {
    private static final Path RELEASED = Path.of("src/test/resources/schemas/v1");
    private static final Path TODAY = Path.of("src/main/avro");

    static Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(RELEASED)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void schema_releasedAndToday_readEachOther(String name) throws IOException {
        Schema released = parse(RELEASED, name);
        Schema today = parse(TODAY, name);
        assertThat(compatible(today, released)).isEqualTo(SchemaCompatibilityType.COMPATIBLE);
        assertThat(compatible(released, today)).isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }

    @Test
    void schemas_today_areAllReleased() throws IOException {
        try (Stream<Path> files = Files.list(TODAY)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(names().toList());
        }
    }

    @Test
    void check_fieldAddedWithoutDefault_isCaught() throws IOException {
        Schema tick = parse(TODAY, "Tick.avsc");
        Schema extended = Schema.createRecord(tick.getName(), "", tick.getNamespace(), false);
        Schema.Field old = tick.getFields().get(0);
        extended.setFields(Arrays.asList(
                new Schema.Field(old.name(), old.schema()),
                new Schema.Field("extra", Schema.create(Schema.Type.LONG))));
        assertThat(compatible(extended, tick)).isEqualTo(SchemaCompatibilityType.INCOMPATIBLE);
    }

    private static SchemaCompatibilityType compatible(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getType();
    }

    private static Schema parse(Path directory, String name) throws IOException {
        Schema.Parser parser = new Schema.Parser();
        for (String shared : List.of("Survivor.avsc", "ReleasedMetrics.avsc")) {
            if (!name.equals(shared)) {
                parser.parse(directory.resolve(shared).toFile());
            }
        }
        return parser.parse(directory.resolve(name).toFile());
    }
}
