package dev.sotto.federation;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The test task, as shipped in the resources, and variations of its text. */
final class Tasks {
    private Tasks() {}

    static String text() {
        try (InputStream in = Tasks.class.getResourceAsStream("/task.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TaskDefinition parse(String text) {
        return StrictYaml.read(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "task.yaml", TaskDefinition.class);
    }

    static TaskDefinition task() {
        return parse(text());
    }
}
