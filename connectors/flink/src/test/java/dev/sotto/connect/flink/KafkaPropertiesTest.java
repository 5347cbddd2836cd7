package dev.sotto.connect.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaPropertiesTest {
    @TempDir
    Path directory;

    @Test
    void file_ofProperties_isRead() throws Exception {
        Path file = Files.writeString(
                directory.resolve("client.properties"), "# security\nsecurity.protocol = SASL_SSL\nretries=3\n");
        assertThat(KafkaProperties.read(file))
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("retries", "3")
                .hasSize(2);
    }

    @Test
    void file_notThereOrNotReadable_isNamedAndNotQuoted() throws Exception {
        assertThatThrownBy(() -> KafkaProperties.read(directory.resolve("none")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none");
        Path broken = Files.writeString(directory.resolve("broken"), "password=secret\\uzzzz\n");
        assertThatThrownBy(() -> KafkaProperties.read(broken))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("broken")
                .hasMessageNotContaining("secret");
    }
}
