package dev.sotto.site;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code site resume}: has a paused site take part again. */
@Command(
        name = "resume",
        description = {
            "Has a paused site take part in rounds again, whether it runs now or not.",
            "It is announced again from the next round on, or with the next block."
        })
final class ResumeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Override
    public Integer call() {
        return SiteCommand.guarded(spec, () -> {
            SiteConfig site = config.read();
            boolean changed = new PauseMarker(site.state()).clear();
            spec.commandLine().getOut().printf("site %s %s%n", site.site(), changed ? "is resumed" : "was not paused");
            return ExitCode.OK;
        });
    }
}
