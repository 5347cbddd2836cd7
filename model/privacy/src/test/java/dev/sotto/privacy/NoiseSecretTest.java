package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoiseSecretTest {
    private static final byte[] BYTES =
            Digest.sha256("secret".getBytes(StandardCharsets.UTF_8)).bytes();

    @TempDir
    Path folder;

    @Test
    void read_file_isTheSecretOfItsBytes() throws IOException {
        Path file = Files.write(folder.resolve("noise.secret"), BYTES);
        assertThat(NoiseSecret.read(file).hmac(new byte[3]))
                .isEqualTo(NoiseSecret.of(BYTES).hmac(new byte[3]));
    }

    @Test
    void read_shortFile_saysTheLengthAndNotTheContent() throws IOException {
        Path file = Files.writeString(folder.resolve("noise.secret"), "correct horse battery staple");
        assertThatThrownBy(() -> NoiseSecret.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has 28")
                .hasMessageNotContaining("horse");
    }

    @Test
    void read_fileOfZeros_isRefused() throws IOException {
        Path file = Files.write(folder.resolve("noise.secret"), new byte[64]);
        assertThatThrownBy(() -> NoiseSecret.read(file)).hasMessageContaining("one byte repeated");
    }

    @Test
    void read_noFile_fails() {
        assertThatThrownBy(() -> NoiseSecret.read(folder.resolve("absent"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void of_callerZeroesItsCopy_isUnchanged() {
        byte[] mine = BYTES.clone();
        NoiseSecret secret = NoiseSecret.of(mine);
        Arrays.fill(mine, (byte) 0);
        assertThat(secret.hmac(new byte[3])).isEqualTo(NoiseSecret.of(BYTES).hmac(new byte[3]));
    }

    @Test
    void of_thirtyOneBytes_isRefused() {
        assertThatThrownBy(() -> NoiseSecret.of(new byte[31])).hasMessageContaining("got 31");
    }

    @Test
    void hmac_afterDestroy_fails() {
        NoiseSecret secret = NoiseSecret.of(BYTES);
        secret.close();
        assertThatThrownBy(() -> secret.hmac(new byte[3]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("destroyed");
    }

    @Test
    void toString_secret_isRedacted() {
        assertThat(NoiseSecret.of(BYTES)).hasToString("NoiseSecret[redacted]");
    }
}
