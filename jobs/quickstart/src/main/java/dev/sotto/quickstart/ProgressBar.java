package dev.sotto.quickstart;

import java.io.PrintStream;

/**
 * One line that shows how far a long step is. On a terminal the line is redrawn; elsewhere a line is printed when
 * another tenth is done or some seconds have passed, so that a log stays readable. Thread-safe.
 */
final class ProgressBar {
    private static final int WIDTH = 24;
    private static final long PAUSE_NANOS = 15_000_000_000L;

    private final PrintStream out;
    private final boolean terminal;
    private long printed;
    private int tenth = -1;
    private int drawn;

    ProgressBar(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Shows {@code done} of {@code total}. */
    synchronized void show(String step, long done, long total) {
        double share = total <= 0 ? 0 : Math.min(1.0, (double) done / total);
        int filled = (int) (share * WIDTH);
        String line = "  [%s%s] %3d %% %s"
                .formatted("#".repeat(filled), ".".repeat(WIDTH - filled), (int) (share * 100), step);
        if (terminal) {
            out.print("\r" + line + " ".repeat(Math.max(0, drawn - line.length())));
            out.flush();
            drawn = line.length();
        } else if ((int) (share * 10) != tenth || System.nanoTime() - printed > PAUSE_NANOS) {
            out.println(line);
            printed = System.nanoTime();
        }
        tenth = (int) (share * 10);
    }

    /** Prints a line of its own, above the bar. */
    synchronized void println(String line) {
        if (terminal && drawn > 0) {
            out.print("\r" + " ".repeat(drawn) + "\r");
            drawn = 0;
        }
        out.println(line);
        out.flush();
    }
}
