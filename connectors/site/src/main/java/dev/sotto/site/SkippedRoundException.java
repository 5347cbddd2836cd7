package dev.sotto.site;

/** Something that costs this site a round and is nobody's lie. */
final class SkippedRoundException extends Exception {
    private static final long serialVersionUID = 1L;

    SkippedRoundException(String why) {
        super(why);
    }
}
