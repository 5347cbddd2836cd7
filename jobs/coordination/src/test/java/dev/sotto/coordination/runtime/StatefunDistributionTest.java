package dev.sotto.coordination.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.federation.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatefunDistributionTest {
    @TempDir
    Path root;

    @Test
    void directory_withJarsAndAJob_isTheRuntime() throws IOException {
        Files.writeString(Files.createDirectories(root.resolve("lib")).resolve("a.jar"), "");
        Path job =
                Files.writeString(Files.createDirectories(root.resolve("job")).resolve("job.jar"), "");
        StatefunDistribution distribution = StatefunDistribution.at(root);
        assertThat(distribution.job()).isEqualTo(job);
        assertThat(distribution.classPath()).endsWith("lib/*");
    }

    @Test
    void directory_withoutThem_isRefusedWithTheRemedy() throws IOException {
        assertThatThrownBy(() -> StatefunDistribution.at(root))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("its lib/ lacks jars")
                .hasMessageContaining("mvn process-resources");
        Files.writeString(Files.createDirectories(root.resolve("lib")).resolve("a.jar"), "");
        assertThatThrownBy(() -> StatefunDistribution.at(root)).hasMessageContaining("its job/ lacks jars");
    }
}
