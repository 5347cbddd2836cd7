package dev.sotto.coordination.privacy;

/** Whose participation a statement hides. */
enum PrivacyUnit {
    RECORD("record"),
    SITE("site");

    private final String word;

    PrivacyUnit(String word) {
        this.word = word;
    }

    /** As it is typed and printed. */
    @Override
    public String toString() {
        return word;
    }
}
