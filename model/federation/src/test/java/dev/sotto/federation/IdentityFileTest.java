package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.secagg.IdentityKeyPair;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityFileTest {
    @TempDir
    Path directory;

    @Test
    void identity_writtenAndRead_isTheSame() throws IOException {
        IdentityKeyPair identity = IdentityKeyPair.generate(new SecureRandom());
        Path file = directory.resolve("a.key");
        IdentityFile.create(file, identity);
        assertThat(IdentityFile.read(file).publicKey().bytes())
                .isEqualTo(identity.publicKey().bytes());
        assertThatThrownBy(() -> IdentityFile.create(file, identity)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void file_withoutAKey_isRefusedWithoutQuotingIt() throws IOException {
        Path file = Files.writeString(directory.resolve("b.key"), "hunter2");
        assertThatThrownBy(() -> IdentityFile.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("sotto keys generate")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> IdentityFile.read(directory.resolve("none")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("cannot read the identity");
    }
}
