package dev.sotto.scoring;

/** How soon someone should look. */
enum Severity {
    WARNING("warning"),
    CRITICAL("critical");

    private final String id;

    Severity(String id) {
        this.id = id;
    }

    /** The word in an alert. */
    String id() {
        return id;
    }
}
