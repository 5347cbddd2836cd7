package dev.sotto.bert;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a machine keeps base models that are in no jar: a Hugging Face directory each, by its name, in the directory that the system
 * property {@code sotto.bases} names, or else the environment variable {@code SOTTO_BASES}. Every site may keep them elsewhere.
 * Stateless.
 */
final class BaseDirectories {
    /** The system property. */
    static final String PROPERTY = "sotto.bases";

    /** The environment variable. */
    static final String VARIABLE = "SOTTO_BASES";

    private BaseDirectories() {}

    /** The directory of a name, whether it is there or not; empty if the machine has not said where it keeps any. */
    static Optional<Path> of(String name) {
        if (name.startsWith("/")) {
            return Optional.of(Path.of(name));
        }
        @Nullable String bases = System.getProperty(PROPERTY, System.getenv(VARIABLE));
        return Optional.ofNullable(bases).map(directory -> Path.of(directory).resolve(name));
    }
}
