package dev.sotto.site;

import java.io.PrintWriter;
import java.util.Locale;

/** A bar while a round trains, in one line of a terminal that is written over, and the lines of a summary. Not thread-safe. */
final class BarProgress implements Progress {
    private static final int CELLS = 24;

    private final PrintWriter out;
    private final Progress lines;
    private int drawn;
    private double epsilon = Double.NaN;

    BarProgress(PrintWriter out) {
        this.out = out;
        this.lines = new SummaryProgress(out);
    }

    @Override
    public void on(SiteEvent event) {
        if (event instanceof SiteEvent.Training training) {
            draw(training);
            return;
        }
        wipe();
        if (event instanceof SiteEvent.Result result) {
            epsilon = result.epsilon();
        }
        lines.on(event);
    }

    private void draw(SiteEvent.Training training) {
        int full = (int) ((long) CELLS * training.done() / training.total());
        String bar = "round %d [%s%s] %d/%d%s%s"
                .formatted(
                        training.round(),
                        "#".repeat(full),
                        ".".repeat(CELLS - full),
                        training.done(),
                        training.total(),
                        SiteEvent.shown(" ", training.loss()),
                        Double.isNaN(epsilon) ? "" : String.format(Locale.ROOT, " epsilon %.3g", epsilon));
        // What is left of a longer bar before is written over.
        out.print("\r" + bar + " ".repeat(Math.max(0, drawn - bar.length())));
        out.flush();
        drawn = bar.length();
    }

    private void wipe() {
        if (drawn > 0) {
            out.print("\r" + " ".repeat(drawn) + "\r");
            out.flush();
            drawn = 0;
        }
    }
}
