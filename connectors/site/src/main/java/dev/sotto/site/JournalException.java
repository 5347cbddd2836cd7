package dev.sotto.site;

/** A state directory that cannot be used: locked, damaged, of another site or task, or not writable. */
public final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public JournalException(String message) {
        super(message);
    }

    public JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
