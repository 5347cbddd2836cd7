package dev.sotto.coordination.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.federation.IdentityFile;
import dev.sotto.secagg.IdentityPublicKey;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class CommandsTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Command(
            name = "sotto",
            subcommands = {CoordinationCommand.class, TaskCommand.class, TopicsCommand.class, KeysCommand.class})
    private static final class Root {}

    @ParameterizedTest
    @CsvSource({
        "coordination serve,--config,tickMillis: 1000",
        "coordination module,--endpoint,module.yaml",
        "coordination runtime,--distribution,restored from its newest checkpoint",
        "task start,--identity,Refuses if the task has a model already",
        "topics create,--replication,catalogue",
        "keys generate,--out,base64 of PKCS#8"
    })
    void help_ofEveryCommand_namesItsOptionsAndWhatItDoes(String command, String option, String sentence) {
        assertThat(run((command + " --help").split(" "))).isZero();
        assertThat(out.toString()).contains(option).contains(sentence);
    }

    @Test
    void keysGenerate_writesAKeyForItsOwnerAloneAndNeverOverOne() throws Exception {
        Path file = directory.resolve("site.key");
        assertThat(run("keys", "generate", "--out", file.toString())).isZero();
        IdentityPublicKey printed = IdentityPublicKey.fromBase64(out.toString().strip());
        assertThat(printed.bytes())
                .isEqualTo(IdentityFile.read(file).publicKey().bytes());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String before = Files.readString(file);
        assertThat(run("keys", "generate", "--out", file.toString())).isNotZero();
        assertThat(err.toString()).contains("a key is never overwritten");
        assertThat(Files.readString(file)).isEqualTo(before);
    }

    @Test
    void coordinationModule_printsTheModuleOfItsConfiguration() throws Exception {
        Path config = Files.writeString(
                directory.resolve("coordination.yaml"),
                """
                bootstrap: broker:9092
                tasks: [task.yaml]
                trust: trust.yaml
                identity: coordination.key
                host: 0.0.0.0
                port: 8090
                tickMillis: 1000
                kafka: {security.protocol: SASL_SSL}
                """);
        assertThat(run(
                        "coordination",
                        "module",
                        "--config",
                        config.toString(),
                        "--endpoint",
                        "http://c:8090/functions"))
                .isZero();
        assertThat(out.toString())
                .contains("urlPathTemplate: http://c:8090/functions")
                .contains("address: broker:9092")
                .contains("security.protocol: SASL_SSL");
    }

    private int run(String... arguments) {
        return new CommandLine(new Root())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
