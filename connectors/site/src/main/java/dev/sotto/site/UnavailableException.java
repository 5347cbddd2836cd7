package dev.sotto.site;

/** The broker did not take something in time; the same is to be tried again later. */
final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
