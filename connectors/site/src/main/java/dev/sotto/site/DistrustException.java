package dev.sotto.site;

/**
 * The server has signed two stories, or its transcript has a hole: nothing it says is to be believed any more. The site
 * stores this and refuses to go on, also after a restart.
 */
public final class DistrustException extends Exception {
    private static final long serialVersionUID = 1L;

    public DistrustException(String message) {
        super(message);
    }
}
