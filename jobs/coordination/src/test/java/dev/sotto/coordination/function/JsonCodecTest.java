package dev.sotto.coordination.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.contracts.Rejection;
import dev.sotto.coordination.protocol.BlockState;
import dev.sotto.coordination.protocol.Command;
import dev.sotto.coordination.protocol.SiteCommand;
import dev.sotto.coordination.protocol.SiteStanding;
import dev.sotto.coordination.protocol.TaskEnded;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonCodecTest {
    @Test
    void bytes_ofVersionOne_areReadAsTheyAlwaysWere() {
        byte[] standing = version1("{\"refused\":3,\"strikes\":2}");
        assertThat(new JsonCodec<>(SiteStanding.class).read(standing)).isEqualTo(new SiteStanding(3, 2));
        byte[] ended = version1("{\"state\":\"TaskEnded\",\"origin\":\"AQI=\",\"reason\":\"done\"}");
        assertThat(((TaskEnded) new JsonCodec<>(BlockState.class).read(ended)).origin())
                .containsExactly(1, 2);
        byte[] refused =
                version1("{\"command\":\"Refused\",\"reason\":\"LATE\",\"detail\":\"too late\",\"value\":\"AQ==\"}");
        SiteCommand.Refused command = (SiteCommand.Refused) new JsonCodec<>(Command.class).read(refused);
        assertThat(command.reason()).isEqualTo(Rejection.LATE);
        assertThat(new JsonCodec<>(Command.class).write(command)).isEqualTo(refused);
    }

    @Test
    void bytes_ofAnotherVersion_areRefusedByName() {
        byte[] bytes = version1("{\"refused\":3,\"strikes\":2}");
        bytes[0] = 9;
        assertThatThrownBy(() -> new JsonCodec<>(SiteStanding.class).read(bytes))
                .hasMessageContaining("SiteStanding of format version 1")
                .hasMessageContaining("[9]");
        assertThatThrownBy(() -> new JsonCodec<>(SiteStanding.class).read(new byte[0]))
                .hasMessageContaining("format version 1");
    }

    @Test
    void bytes_withUnknownOrMissingFields_areRefusedWithoutQuotingThem() {
        JsonCodec<SiteStanding> codec = new JsonCodec<>(SiteStanding.class);
        assertThatThrownBy(() -> codec.read(version1("{\"refused\":3,\"strikes\":2,\"secret\":77}")))
                .hasMessage("the bytes are not a SiteStanding");
        assertThatThrownBy(() -> codec.read(version1("{\"refused\":3}")))
                .hasMessage("the bytes are not a SiteStanding");
    }

    private static byte[] version1(String json) {
        return ("\u0001" + json).getBytes(StandardCharsets.UTF_8);
    }
}
