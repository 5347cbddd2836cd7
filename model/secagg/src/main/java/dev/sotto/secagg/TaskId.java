package dev.sotto.secagg;

/**
 * The name of one federated learning task; it prefixes every key and every record of that task.
 *
 * @param value 1 to 63 characters of {@code a-z}, {@code 0-9} and {@code -}, not starting with {@code -}
 */
public record TaskId(String value) {
    /** @throws IllegalArgumentException if the name is malformed */
    public TaskId {
        Require.name("task id", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
