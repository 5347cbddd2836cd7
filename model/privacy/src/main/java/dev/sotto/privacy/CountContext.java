package dev.sotto.privacy;

/**
 * What the noise on some counts is for; together with the counts it decides the noise completely.
 *
 * @param release the name of what is published, for example a topic; not blank
 * @param window the window that the counts are of, for example its start in milliseconds since the epoch
 * @param key what is counted apart from the rest of the window, for example a tenant; may be empty
 */
public record CountContext(String release, long window, String key) {
    public CountContext {
        Preconditions.text("release", release);
    }
}
