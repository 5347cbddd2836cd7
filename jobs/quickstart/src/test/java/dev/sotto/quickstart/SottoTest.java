package dev.sotto.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class SottoTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... arguments) {
        CommandLine sotto = Sotto.commandLine();
        sotto.setOut(new PrintWriter(out, true));
        sotto.setErr(new PrintWriter(err, true));
        return sotto.execute(arguments);
    }

    static Stream<List<String>> commands() {
        List<List<String>> commands = new ArrayList<>();
        collect(Sotto.commandLine(), List.of(), commands);
        return commands.stream();
    }

    private static void collect(CommandLine command, List<String> path, List<List<String>> into) {
        into.add(path);
        command.getSubcommands().forEach((name, sub) -> {
            List<String> longer = new ArrayList<>(path);
            longer.add(name);
            collect(sub, longer, into);
        });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void help_ofEveryCommand_saysWhatItDoesAndItsOptions(List<String> path) {
        List<String> arguments = new ArrayList<>(path);
        arguments.add("--help");
        assertThat(execute(arguments.toArray(String[]::new))).isZero();
        String help = out.toString();
        assertThat(help).contains("Usage: " + String.join(" ", prefixed(path)));
        assertThat(help.lines().filter(line -> !line.isBlank()).count()).isGreaterThan(3);
    }

    private static List<String> prefixed(List<String> path) {
        List<String> command = new ArrayList<>(List.of("sotto"));
        command.addAll(path);
        return command;
    }

    @Test
    void commands_ofTheReadme_exist() {
        assertThat(commands().map(path -> String.join(" ", path)))
                .contains(
                        "quickstart",
                        "simulate",
                        "score",
                        "evaluate",
                        "site join",
                        "site check",
                        "site pause",
                        "site resume",
                        "transcript verify",
                        "transcript export",
                        "coordination serve",
                        "coordination module",
                        "task start",
                        "topics create",
                        "keys generate",
                        "model list",
                        "model show",
                        "model verify",
                        "model rollback",
                        "bench");
    }

    @Test
    void bench_unknownName_isRefusedByName() {
        assertThat(execute("bench", "speed")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("'speed' is no bench");
    }

    @Test
    void quickstart_valuesOutsideTheirBounds_areRefusedWithValueAndBound(@TempDir Path work) {
        assertThat(execute("quickstart", "--work", work.toString(), "--rounds", "1"))
                .isNotZero();
        assertThat(err.toString()).contains("--rounds is 1").contains("between 3 and 50");
    }

    @Test
    void quickstart_unknownSite_isRefusedByName(@TempDir Path work) {
        assertThat(execute("quickstart", "--work", work.toString(), "--site-data", "bank-east=x.jsonl"))
                .isNotZero();
        assertThat(err.toString()).contains("bank-east").contains("bank-north");
    }

    @Test
    void site_wrongConfigurationKey_isRefusedByName(@TempDir Path directory) throws Exception {
        Path config = directory.resolve("site.yaml");
        Files.writeString(config, "site: bank-a\nbootstrapp: x\n");
        assertThat(execute("site", "check", "--config", config.toString())).isNotZero();
        assertThat(out.toString() + err).contains("bootstrapp");
    }

    @Test
    void workspace_directoryThatNoQuickstartMade_isLeftAlone(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("precious.txt"), "keep");
        assertThat(execute("quickstart", "--work", directory.toString())).isNotZero();
        assertThat(err.toString()).contains("no quickstart made it");
        assertThat(directory.resolve("precious.txt")).exists();
    }
}
