package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.IdentityFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteConfigTest {
    private static final String MINIMAL =
            """
            site: bank-a
            task: task.yaml
            trust: trust.yaml
            identity: identity.key
            state: state
            bootstrap: localhost:9092
            data: {file: data.csv}
            """;

    @TempDir
    Path directory;

    private SiteConfig read(String yaml) throws IOException {
        return SiteConfig.read(Files.writeString(directory.resolve("site.yaml"), yaml));
    }

    @Test
    void sample_ofTheReadme_isLoadedWithEveryKey() {
        SiteConfig config = SiteConfig.read(Path.of("sample", "site.yaml"));
        assertThat(config.site().value()).isEqualTo("bank-a");
        assertThat(config.data().get(0).labels().get("sentiment")).containsEntry("1", "negative");
        assertThat(config.data().get(0).validationShare()).isEqualTo(0.1);
        assertThat(config.kafka()).containsKeys("security.protocol", "sasl.mechanism");
        assertThat(config.threads()).isEqualTo(2);
        assertThat(config.state()).isAbsolute();
    }

    @Test
    void minimal_hasDefaultsAndPathsBesideTheFile() throws IOException {
        SiteConfig config = read(MINIMAL);
        assertThat(config.task()).isEqualTo(directory.resolve("task.yaml"));
        assertThat(config.data().get(0).file()).isEqualTo(directory.resolve("data.csv"));
        assertThat(config.data().get(0).labels()).isEmpty();
        assertThat(config.data().get(0).validationShare()).isZero();
        assertThat(config.threads()).isEqualTo(1);
        assertThat(config.kafka()).isEmpty();
    }

    @Test
    void key_thatIsWrong_isRefusedByItsName() {
        assertRefused(MINIMAL + "treads: 2\n", "unknown key 'treads'");
        assertRefused(MINIMAL.replace("data.csv", "data.csv, lable: x"), "unknown key 'data.[0].lable'");
        assertRefused(MINIMAL.replace("state: state\n", ""), "'state' is missing");
        assertRefused(MINIMAL.replace("file: data.csv", ""), "'data.file' is missing");
        assertRefused(MINIMAL + "threads: 0\n", "threads is 0");
        assertRefused(MINIMAL.replace("data.csv}", "data.csv, validationShare: 1}"), "data.validationShare is 1");
        assertRefused(MINIMAL.replace("bank-a", "Bank A"), "Bank A");
        assertRefused(MINIMAL + "kafka: {acks: '0'}\n", "'kafka.acks' is fixed by the protocol");
        assertRefused(MINIMAL + "kafka: {securty.protocol: SSL}\n", "unknown key 'kafka.securty.protocol'");
    }

    private void assertRefused(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message);
    }

    @Test
    void extraProperties_reachTheirClientsAndNeverReplaceTheProtocols() {
        KafkaProperties properties =
                new KafkaProperties("host:1", Map.of("fetch.max.bytes", "7", "linger.ms", "9", "client.id", "c"));
        Parties parties = new Parties();
        Map<String, Object> producer = properties.producer(parties.task.id(), parties.keys.firstKey());
        assertThat(producer)
                .containsEntry("linger.ms", "9")
                .containsEntry("client.id", "c")
                .containsEntry("transactional.id", "sotto-site-sentiment-bank-a")
                .containsEntry("transaction.timeout.ms", 60_000)
                .containsEntry("acks", "all")
                .doesNotContainKey("fetch.max.bytes");
        assertThat(properties.consumer())
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("fetch.max.bytes", "7")
                .doesNotContainKeys("linger.ms", "group.id");
    }

    @Test
    void identity_thatIsNone_isRefusedWithoutQuotingIt() throws IOException {
        Path file = Files.writeString(directory.resolve("identity.key"), "secret words");
        assertThatThrownBy(() -> IdentityFile.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("identity.key")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> IdentityFile.read(directory.resolve("none")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("cannot read the identity");
    }
}
