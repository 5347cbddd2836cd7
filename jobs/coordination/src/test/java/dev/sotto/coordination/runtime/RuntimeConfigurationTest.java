package dev.sotto.coordination.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RuntimeConfigurationTest {
    @Test
    void configuration_keepsCheckpointsAndRestartsForEver() {
        String text = RuntimeConfiguration.render(
                Path.of("/srv/module.yaml"), Path.of("/srv/checkpoints"), Duration.ofMillis(750));
        assertThat(text.lines())
                .contains(
                        "statefun.remote.module-name: file:///srv/module.yaml",
                        "execution.checkpointing.interval: 750 ms",
                        "execution.checkpointing.mode: EXACTLY_ONCE",
                        "execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION",
                        "restart-strategy.fixed-delay.attempts: 2147483647");
    }
}
