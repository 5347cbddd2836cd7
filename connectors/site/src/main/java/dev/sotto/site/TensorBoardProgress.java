package dev.sotto.site;

import dev.sotto.federation.ConfigurationException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.LongSupplier;

/**
 * Draws what a site does as TensorBoard's curves, beside telling somebody else. It knows numbers of rounds and steps alone. If
 * the file cannot be written any more it says so once and the site goes on without. Not thread-safe.
 */
final class TensorBoardProgress implements Progress, AutoCloseable {
    /** Points of a curve in a round's training at most: enough to see its course. */
    private static final int POINTS = 50;

    /** Training's curves have this many steps a round, however many batches it takes. */
    private static final int STEPS = 1000;

    private final TensorBoardFile file;
    private final Progress next;
    private final LongSupplier nanos;
    private boolean broken;
    private int round;
    private int done;
    private long since;

    /** @param nanos a clock that only its differences count of */
    TensorBoardProgress(TensorBoardFile file, Progress next, LongSupplier nanos) {
        this.file = file;
        this.next = next;
        this.nanos = nanos;
    }

    /**
     * Opens a new file in a directory.
     *
     * @throws ConfigurationException if that cannot be
     */
    static TensorBoardProgress open(Path directory, Progress next) {
        try {
            return new TensorBoardProgress(
                    TensorBoardFile.create(directory, Clock.systemUTC()), next, System::nanoTime);
        } catch (IOException e) {
            throw new ConfigurationException(
                    "--tensorboard is %s but must be a directory that is there or can be made, and can be written to: %s"
                            .formatted(directory, e),
                    e);
        }
    }

    @Override
    public void on(SiteEvent event) {
        next.on(event);
        if (broken) {
            return;
        }
        try {
            draw(event);
        } catch (IOException e) {
            giveUp(e);
        }
    }

    private void draw(SiteEvent event) throws IOException {
        if (event instanceof SiteEvent.Training training) {
            training(training);
            return;
        }
        if (event instanceof SiteEvent.Evaluated evaluated) {
            point("round/held_out_loss", evaluated.round(), evaluated.loss());
            point("round/held_out_accuracy", evaluated.round(), evaluated.accuracy());
            point("round/held_out_macro_f1", evaluated.round(), evaluated.macroF1());
        } else if (event instanceof SiteEvent.Trained trained) {
            point("round/training_loss", trained.round(), trained.loss());
        } else if (event instanceof SiteEvent.Result result) {
            point("round/epsilon", result.round(), result.epsilon());
        }
        file.flush();
    }

    private void training(SiteEvent.Training training) throws IOException {
        long now = nanos.getAsLong();
        boolean first = training.round() != round || training.done() <= done;
        if (!first && share(training.done(), training.total()) == share(done, training.total())) {
            return;
        }
        long step = (long) (training.round() - 1) * STEPS + (long) training.done() * STEPS / training.total();
        point("training/loss", step, training.stepLoss());
        point("training/learning_rate", step, training.learningRate());
        if (!first && now > since) {
            point("training/examples_per_second", step, (training.done() - done) * 1e9 / (now - since));
        }
        round = training.round();
        done = training.done();
        since = now;
    }

    private static long share(int done, int total) {
        return (long) done * POINTS / total;
    }

    /** Private training has no loss to show. */
    private void point(String tag, long step, double value) throws IOException {
        if (Double.isFinite(value)) {
            file.scalar(tag, step, value);
        }
    }

    private void giveUp(IOException reason) {
        broken = true;
        next.on(new SiteEvent.Undrawn(String.valueOf(reason.getMessage())));
        try {
            file.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        if (broken) {
            return;
        }
        try {
            file.close();
        } catch (IOException e) {
            giveUp(e);
        }
    }
}
