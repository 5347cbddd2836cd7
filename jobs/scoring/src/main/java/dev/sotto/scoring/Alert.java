package dev.sotto.scoring;

import java.nio.charset.StandardCharsets;

/**
 * An alert as it is written: a CloudEvent 1.0 in its JSON format.
 *
 * @param id the event's id; the same event replayed has the same one
 * @param type the event's type
 * @param subject the record's key
 * @param json the whole event
 */
public record Alert(String id, String type, String subject, String json) {
    /** The record's key. */
    public byte[] key() {
        return subject.getBytes(StandardCharsets.UTF_8);
    }

    /** The record's value. */
    public byte[] value() {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
