package dev.sotto.site;

import java.io.PrintWriter;

/** Every event as its line: for machines and logs. */
final class PlainProgress implements Progress {
    private final PrintWriter out;

    PlainProgress(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void on(SiteEvent event) {
        out.println(event.line());
        out.flush();
    }
}
