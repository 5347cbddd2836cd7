package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.federation.ConfigurationException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SiteCommandTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return SiteMain.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .execute(arguments);
    }

    @Test
    void help_namesSubcommandsOptionsAndExitCodes() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("join", "check", "pause", "resume", "Exit codes:", "6   the server was caught");
        assertThat(run("join", "--help")).isZero();
        assertThat(out.toString())
                .contains("--config=FILE", "--[no-]until-task-end", "--progress=STYLE", "--tensorboard=DIR");
        for (String command : new String[] {"check", "pause", "resume"}) {
            assertThat(run(command, "--help")).isZero();
            assertThat(run(command)).isEqualTo(2);
        }
    }

    @Test
    void untilTaskEnd_isTheDefaultAndCanBeNegated() {
        assertThat(untilTaskEnd()).isEqualTo(true);
        assertThat(untilTaskEnd("--until-task-end")).isEqualTo(true);
        assertThat(untilTaskEnd("--no-until-task-end")).isEqualTo(false);
    }

    private static Object untilTaskEnd(String... more) {
        String[] arguments = new String[3 + more.length];
        System.arraycopy(new String[] {"join", "--config", "site.yaml"}, 0, arguments, 0, 3);
        System.arraycopy(more, 0, arguments, 3, more.length);
        return SiteMain.commandLine()
                .parseArgs(arguments)
                .subcommand()
                .commandSpec()
                .findOption("--until-task-end")
                .getValue();
    }

    @Test
    void commandLine_thatIsWrong_exitsWithTwo() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("join")).isEqualTo(2);
        assertThat(run("join", "--confg", "x")).isEqualTo(2);
        assertThat(err.toString()).contains("Missing required option: '--config=FILE'");
    }

    @Test
    void configuration_withAWrongKey_isRefusedByNameWithTwo() throws IOException {
        Path file = Files.writeString(directory.resolve("site.yaml"), "site: bank-a\ntreads: 2\n");
        assertThat(run("join", "--config", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("unknown key 'treads'");
        assertThat(run("check", "--config", directory.resolve("none.yaml").toString()))
                .isEqualTo(2);
    }

    @Test
    void failures_haveTheirCodes() {
        assertThat(ExitCode.of(new ConfigurationException("x"))).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(ExitCode.of(new DataException("x"))).isEqualTo(ExitCode.DATA);
        assertThat(ExitCode.of(new BrokerException("x"))).isEqualTo(ExitCode.BROKER);
        assertThat(ExitCode.of(new JournalException("x"))).isEqualTo(ExitCode.STATE);
        assertThat(ExitCode.of(new DistrustException("x"))).isEqualTo(ExitCode.DISTRUST);
        assertThat(ExitCode.of(new IllegalStateException("x"))).isEqualTo(ExitCode.FAILURE);
    }

    @Test
    void summary_ofARound_isOneLine() {
        StringWriter lines = new StringWriter();
        Progress progress = new SummaryProgress(new PrintWriter(lines));
        progress.on(new SiteEvent.Training(1, 8, 32, 0.9, 0.8, 0.002));
        progress.on(new SiteEvent.Trained(1, 32, 0.8));
        progress.on(new SiteEvent.Uploading(1, 4, 1234));
        progress.on(new SiteEvent.Uploaded(1, 4, 1234));
        progress.on(new SiteEvent.Unmasked(1, 4, 0));
        progress.on(new SiteEvent.Result(1, 1, 4, 0, 1.5));
        assertThat(lines.toString().lines())
                .containsExactly(
                        "round 1: model 1 from 4 sites, epsilon 1.50, 32 examples, loss 0.800, 1234 bytes sent");
    }

    @Test
    void bar_whileTraining_isOneLineThatIsWrittenOverAndGone() {
        StringWriter text = new StringWriter();
        Progress progress = new BarProgress(new PrintWriter(text));
        progress.on(new SiteEvent.Training(1, 8, 32, 0.9, 0.9, 0.002));
        assertThat(text.toString()).isEqualTo("\rround 1 [######..................] 8/32 loss 0.900");
        progress.on(new SiteEvent.Trained(1, 32, 0.8));
        assertThat(shown(text)).isEmpty();
        progress.on(new SiteEvent.Result(1, 1, 4, 0, 1.5));
        assertThat(shown(text)).isEqualTo("round 1: model 1 from 4 sites, epsilon 1.50, 32 examples, loss 0.800\n");
        text.getBuffer().setLength(0);
        progress.on(new SiteEvent.Training(2, 100, 100, 0.9, 0.9, 0.002));
        progress.on(new SiteEvent.Training(3, 5, 96, Double.NaN, Double.NaN, 0.002));
        assertThat(shown(text)).isEqualTo("round 3 [#.......................] 5/96 epsilon 1.50");
    }

    /** What a terminal shows: what follows a carriage return is written over what stands in its line. */
    private static String shown(StringWriter text) {
        StringBuilder line = new StringBuilder();
        for (String part : text.toString().split("\r", -1)) {
            line.replace(0, Math.min(part.length(), line.length()), part);
        }
        return line.toString().replaceAll(" +$", "");
    }

    @Test
    void tensorboard_whereNoDirectoryCanBe_exitsWithTwoBeforeAnythingElse() throws IOException {
        String config = Files.writeString(
                        directory.resolve("site.yaml"),
                        """
                        site: bank-a
                        task: task.yaml
                        trust: trust.yaml
                        identity: bank-a.key
                        state: state
                        bootstrap: 127.0.0.1:1
                        data: {file: data.csv, columns: {sentiment: label}}
                        """)
                .toString();
        assertThat(run("join", "--config", config, "--tensorboard", config)).isEqualTo(2);
        assertThat(err.toString()).contains("--tensorboard is " + config + " but must be a directory");
    }

    @Test
    void pauseAndResume_leaveAMarkerThatARunningSiteFinds() throws IOException {
        String config = Files.writeString(
                        directory.resolve("site.yaml"),
                        """
                        site: bank-a
                        task: task.yaml
                        trust: trust.yaml
                        identity: bank-a.key
                        state: state
                        bootstrap: 127.0.0.1:1
                        data: {file: data.csv, columns: {sentiment: label}}
                        """)
                .toString();
        PauseMarker marker = new PauseMarker(directory.resolve("state"));
        assertThat(marker.isSet()).isFalse();
        assertThat(run("resume", "--config", config)).isZero();
        assertThat(run("pause", "--config", config)).isZero();
        assertThat(marker.isSet()).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("state"))))
                .isEqualTo("rwx------");
        // The lock of a site that runs is not in the way.
        try (DirectoryStorage running = DirectoryStorage.open(directory.resolve("state"))) {
            assertThat(run("pause", "--config", config)).isZero();
            assertThat(running.names("block-")).isEmpty();
            assertThat(run("resume", "--config", config)).isZero();
        }
        assertThat(marker.isSet()).isFalse();
        assertThat(out.toString().lines())
                .containsExactly(
                        "site bank-a was not paused",
                        "site bank-a is paused",
                        "site bank-a was paused already",
                        "site bank-a is resumed");
    }

    @Test
    void pause_whereNothingCanBeWritten_exitsWithTheCodeOfTheState() throws IOException {
        Files.writeString(directory.resolve("file"), "in the way");
        PauseMarker marker = new PauseMarker(directory.resolve("file").resolve("state"));
        assertThatThrownBy(marker::set).isInstanceOf(JournalException.class).hasMessageContaining("cannot be paused");
    }
}
