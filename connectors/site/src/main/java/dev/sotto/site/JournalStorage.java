package dev.sotto.site;

import java.util.List;
import java.util.Optional;

/**
 * Named files of a few kilobytes to megabytes that survive the process. Each operation is atomic and durable when it
 * returns. Not thread-safe.
 */
interface JournalStorage extends AutoCloseable {
    /**
     * What was last written under a name.
     *
     * @throws JournalException if it is damaged or cannot be read
     */
    Optional<byte[]> read(String name);

    /** Replaces what is under a name. */
    void write(String name, byte[] bytes);

    /** Removes a name; nothing if there is none. */
    void delete(String name);

    /** The names that begin so, sorted. */
    List<String> names(String prefix);

    @Override
    void close();
}
