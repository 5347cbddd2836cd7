package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteSetupTest {
    @TempDir
    Path directory;

    /** A site whose task stops early. */
    private SiteConfig config(double validationShare) throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = pair.getPublic().getEncoded();
        String key = base64(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        write("bank-a.key", base64(pair.getPrivate().getEncoded()));
        write(
                "task.yaml",
                Files.readString(Parties.resource("task.yaml")).replace("batch: 8", "batch: 8, earlyStop: 3"));
        Parties others = new Parties();
        StringBuilder trust = new StringBuilder("sites:\n  bank-a: " + key + "\n");
        others.keys.forEach((site, pairOfSite) -> {
            if (!site.value().equals("bank-a")) {
                trust.append("  %s: %s\n".formatted(site, pairOfSite.publicKey().toBase64()));
            }
        });
        trust.append("servers:\n  %s: %s\n"
                .formatted(Trust.COORDINATION, others.coordination.publicKey().toBase64()));
        write("trust.yaml", trust.toString());
        write("data.csv", Reviews.csv(40));
        return SiteConfig.read(write(
                "site.yaml",
                """
                site: bank-a
                task: task.yaml
                trust: trust.yaml
                identity: bank-a.key
                state: state
                bootstrap: 127.0.0.1:1
                data: {file: data.csv, columns: {sentiment: label}, validationShare: %s}
                """
                        .formatted(validationShare)));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    @Test
    void taskThatStopsEarly_whereNoRowIsHeldOut_isRefusedBeforeTheSiteJoins() throws Exception {
        assertThat(SiteSetup.of(config(0.2)).data().validation()).isNotEmpty();
        SiteConfig nothingHeldOut = config(0);
        assertThatThrownBy(() -> SiteSetup.of(nothingHeldOut))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("data.validationShare 0.0")
                .hasMessageContaining("training.earlyStop 3");
    }
}
