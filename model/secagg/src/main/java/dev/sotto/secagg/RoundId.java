package dev.sotto.secagg;

/**
 * One round of a task; numbers count up from one over the life of the task and are never used twice.
 *
 * @param task the task it belongs to
 * @param number 1 to 999,999,999
 */
public record RoundId(TaskId task, int number) {
    private static final int MAX_NUMBER = 999_999_999;

    /** @throws IllegalArgumentException if the number is out of range */
    public RoundId {
        Require.that(number >= 1 && number <= MAX_NUMBER, "round number", number, "1 to " + MAX_NUMBER);
    }

    /**
     * Reads what {@link #toString()} wrote.
     *
     * @throws IllegalArgumentException if the text is not {@code task/number}
     */
    public static RoundId parse(String text) {
        int slash = text.lastIndexOf('/');
        Require.that(slash > 0, "round id", "'" + text + "'", "task/number");
        String digits = text.substring(slash + 1);
        // One spelling per id: no sign, no leading zero.
        Require.that(digits.matches("[1-9][0-9]{0,8}"), "round id", "'" + text + "'", "task/number");
        return new RoundId(new TaskId(text.substring(0, slash)), Integer.parseInt(digits));
    }

    @Override
    public String toString() {
        return task + "/" + number;
    }
}
