package dev.sotto.site;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code site pause}: has a site stay out of rounds. */
@Command(
        name = "pause",
        description = {
            "Has the site stay out of rounds until 'resume', whether it runs now or not.",
            "It says so to the others, who then do not wait for it, and still helps to finish the round that runs."
        })
final class PauseCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Override
    public Integer call() {
        return SiteCommand.guarded(spec, () -> {
            SiteConfig site = config.read();
            boolean changed = new PauseMarker(site.state()).set();
            spec.commandLine()
                    .getOut()
                    .printf("site %s %s%n", site.site(), changed ? "is paused" : "was paused already");
            return ExitCode.OK;
        });
    }
}
