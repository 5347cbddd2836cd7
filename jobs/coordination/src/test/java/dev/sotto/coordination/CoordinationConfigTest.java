package dev.sotto.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.federation.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoordinationConfigTest {
    private static final String TEXT =
            """
            bootstrap: broker:9092
            tasks: [tasks/sentiment.yaml]
            trust: trust.yaml
            identity: /keys/coordination.key
            host: 0.0.0.0
            port: 8090
            tickMillis: 1000
            kafka: {client.rack: a}
            """;

    @TempDir
    Path directory;

    @Test
    void paths_countFromTheConfigurationsDirectory() throws IOException {
        CoordinationConfig config = read(TEXT);
        assertThat(config.tasks()).containsExactly(directory.resolve("tasks/sentiment.yaml"));
        assertThat(config.identity()).isEqualTo(Path.of("/keys/coordination.key"));
        assertThat(config.clientProperties())
                .containsEntry("bootstrap.servers", "broker:9092")
                .containsEntry("client.rack", "a");
    }

    @Test
    void key_thatIsUnknownOrMissing_isRefusedByName() {
        assertThatThrownBy(() -> read(TEXT + "tickMilis: 5\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("unknown key 'tickMilis'");
        assertThatThrownBy(() -> read(TEXT.replace("port: 8090\n", ""))).hasMessageContaining("port");
    }

    @Test
    void value_outOfItsRange_isRefusedByName() {
        assertThatThrownBy(() -> read(TEXT.replace("port: 8090", "port: 70000")))
                .hasMessageContaining("port is 70000");
        assertThatThrownBy(() -> read(TEXT.replace("tickMillis: 1000", "tickMillis: 1")))
                .hasMessageContaining("tickMillis is 1;");
        assertThatThrownBy(() -> read(TEXT.replace("client.rack: a", "bootstrap.servers: b")))
                .hasMessageContaining("given as 'bootstrap'");
        assertThatThrownBy(() -> read(TEXT.replace("tasks: [tasks/sentiment.yaml]", "tasks: []")))
                .hasMessageContaining("at least one task file");
    }

    private CoordinationConfig read(String text) throws IOException {
        return CoordinationConfig.read(Files.writeString(directory.resolve("coordination.yaml"), text));
    }
}
