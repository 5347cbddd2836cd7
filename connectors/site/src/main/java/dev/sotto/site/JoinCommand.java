package dev.sotto.site;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code site join}: takes part until the task ends. */
@Command(
        name = "join",
        description = {
            "Takes part in the task of the configuration until it ends.",
            "It may be killed at any time and started again: it goes on where it was."
        })
final class JoinCommand implements Callable<Integer> {
    /** How progress is printed. */
    enum ProgressStyle {
        summary,
        bar,
        plain
    }

    private static final long STOP_SECONDS = 5;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Option(
            names = "--until-task-end",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Exit when the task has ended (the default); --no-until-task-end stays idle instead, for "
                    + "supervisors that restart whatever exits.")
    private boolean untilTaskEnd;

    @Option(
            names = "--progress",
            paramLabel = "STYLE",
            defaultValue = "summary",
            description =
                    "summary: a line a round, for people (the default). bar: that and a bar while a round trains, for a "
                            + "terminal. plain: a line an event, for machines, for example 'round 2 training 64/240 "
                            + "loss 0.912'.")
    @SuppressWarnings("NullAway.Init")
    private ProgressStyle style;

    @Option(
            names = "--tensorboard",
            paramLabel = "DIR",
            description = "Also write losses, rates, held-out scores and the epsilon spent to an event file in this "
                    + "directory, for TensorBoard. It stays here and holds numbers alone.")
    private @Nullable Path tensorboard;

    @Override
    public Integer call() {
        return SiteCommand.guarded(spec, this::join);
    }

    private ExitCode join() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Progress told =
                switch (style) {
                    case summary -> new SummaryProgress(out);
                    case bar -> new BarProgress(out);
                    case plain -> new PlainProgress(out);
                };
        SiteConfig read = config.read();
        CountDownLatch closed = new CountDownLatch(1);
        try (TensorBoardProgress drawn = tensorboard == null ? null : TensorBoardProgress.open(tensorboard, told);
                Site site = Site.open(read, drawn == null ? told : drawn, Clock.systemUTC(), new SecureRandom())) {
            // So that a transaction does not stay open, and in everybody's way, until the broker gives it up.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                site.stop();
                await(closed);
            }));
            boolean ended = site.run();
            if (ended && !untilTaskEnd) {
                new CountDownLatch(1).await();
            }
            return ExitCode.OK;
        } finally {
            closed.countDown();
        }
    }

    @SuppressWarnings("ReturnValueIgnored")
    private static void await(CountDownLatch closed) {
        try {
            closed.await(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
