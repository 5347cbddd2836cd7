package dev.sotto.site;

import java.io.PrintWriter;
import java.util.Locale;

/** A line a round and a line for whatever is out of the ordinary: for people. Not thread-safe. */
final class SummaryProgress implements Progress {
    private final PrintWriter out;
    private String trained = "";
    private String uploaded = "";

    SummaryProgress(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void on(SiteEvent event) {
        if (event instanceof SiteEvent.Trained done) {
            trained = ", %d examples%s".formatted(done.examples(), SiteEvent.shown(", ", done.loss()));
        } else if (event instanceof SiteEvent.Uploaded done) {
            uploaded = ", %d bytes sent".formatted(done.bytes());
        } else if (event instanceof SiteEvent.Result result) {
            print(String.format(
                    Locale.ROOT,
                    "round %d: model %d from %d sites, epsilon %.3g%s%s",
                    result.round(),
                    result.modelVersion(),
                    result.survivors(),
                    result.epsilon(),
                    trained,
                    uploaded));
            reset();
        } else if (event instanceof SiteEvent.Aborted aborted) {
            print(aborted.line() + trained + uploaded);
            reset();
        } else if (!(event instanceof SiteEvent.Training
                || event instanceof SiteEvent.Uploading
                || event instanceof SiteEvent.Unmasked
                || event instanceof SiteEvent.Ignored)) {
            print(event.line());
        }
    }

    private void reset() {
        trained = "";
        uploaded = "";
    }

    private void print(String line) {
        out.println(line);
        out.flush();
    }
}
