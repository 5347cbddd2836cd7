package dev.sotto.site;

import java.util.List;

/** Where a site's records go. Not thread-safe. */
interface Outbox extends AutoCloseable {
    /**
     * A record to be written.
     *
     * @param topic the topic's name
     * @param key the record's key
     * @param value the record's bytes
     */
    record Message(String topic, byte[] key, byte[] value) {}

    /**
     * Writes all messages or none, durably.
     *
     * @throws UnavailableException if it is not certain that they are written; they may be sent again
     */
    void send(List<Message> messages) throws UnavailableException;

    @Override
    void close();
}
