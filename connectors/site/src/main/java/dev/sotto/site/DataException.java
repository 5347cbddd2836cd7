package dev.sotto.site;

/** A data file that cannot be used at all; the message names the file and the remedy and never quotes a row. */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
