package dev.sotto.contracts;

/** A record that is refused; the message holds neither secrets nor personal data. */
public final class RejectedRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Rejection rejection;

    public RejectedRecordException(Rejection rejection, String detail) {
        super(detail);
        this.rejection = rejection;
    }

    public RejectedRecordException(Rejection rejection, String detail, Throwable cause) {
        super(detail, cause);
        this.rejection = rejection;
    }

    public Rejection rejection() {
        return rejection;
    }
}
