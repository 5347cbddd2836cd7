package dev.sotto.site;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file in the state directory that says that the operator wants the site to stay out of rounds. It is written beside a
 * running site, which looks for it whenever it decides. Thread-safe.
 */
final class PauseMarker {
    private static final String NAME = "paused";

    private final Path directory;

    PauseMarker(Path state) {
        this.directory = state;
    }

    boolean isSet() {
        return Files.exists(directory.resolve(NAME));
    }

    /**
     * Sets it.
     *
     * @return false if it was set
     * @throws JournalException if it cannot be written
     */
    boolean set() {
        try {
            DirectoryStorage.create(directory);
            Files.createFile(directory.resolve(NAME), DirectoryStorage.ownerOnly());
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new JournalException("the site cannot be paused in %s: %s".formatted(directory, e), e);
        }
    }

    /**
     * Clears it.
     *
     * @return false if it was not set
     * @throws JournalException if it cannot be removed
     */
    boolean clear() {
        try {
            return Files.deleteIfExists(directory.resolve(NAME));
        } catch (IOException e) {
            throw new JournalException("the site cannot be resumed in %s: %s".formatted(directory, e), e);
        }
    }
}
