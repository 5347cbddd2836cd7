package dev.sotto.site;

/**
 * A row that was skipped. The reason never repeats what the row holds.
 *
 * @param line the line in the file, from 1
 * @param reason why
 */
public record BadRow(long line, String reason) {
    @Override
    public String toString() {
        return "line " + line + ": " + reason;
    }
}
