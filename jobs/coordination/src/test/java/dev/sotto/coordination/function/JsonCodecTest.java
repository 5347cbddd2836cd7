package dev.sotto.coordination.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.contracts.Rejection;
import dev.sotto.coordination.protocol.BlockState;
import dev.sotto.coordination.protocol.Command;
import dev.sotto.coordination.protocol.LedgerBook;
import dev.sotto.coordination.protocol.SiteCommand;
import dev.sotto.coordination.protocol.SiteStanding;
import dev.sotto.coordination.protocol.TaskEnded;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JsonCodecTest {
    @Test
    void bytes_ofVersionThree_areReadAsTheyAlwaysWere() {
        byte[] standing = version3("{\"refused\":3,\"strikes\":{\"sentiment\":2}}");
        assertThat(new JsonCodec<>(SiteStanding.class).read(standing))
                .isEqualTo(new SiteStanding(3, new TreeMap<>(Map.of("sentiment", 2))));
        byte[] ended = version3("{\"state\":\"TaskEnded\",\"origin\":\"AQI=\",\"reason\":\"done\"}");
        assertThat(((TaskEnded) new JsonCodec<>(BlockState.class).read(ended)).origin())
                .containsExactly(1, 2);
        byte[] refused = version3(
                "{\"command\":\"Refused\",\"task\":\"sentiment\",\"reason\":\"LATE\",\"detail\":\"too late\",\"value\":\"AQ==\"}");
        SiteCommand.Refused command = (SiteCommand.Refused) new JsonCodec<>(Command.class).read(refused);
        assertThat(command.reason()).isEqualTo(Rejection.LATE);
        assertThat(new JsonCodec<>(Command.class).write(command)).isEqualTo(refused);
        byte[] book = version3("{\"chain\":\"\",\"readBack\":0,\"awaited\":null,\"stopped\":null}");
        assertThat(new JsonCodec<>(LedgerBook.class).write(LedgerBook.EMPTY)).isEqualTo(book);
    }

    @Test
    void bytes_ofAnotherVersion_areRefusedByName() {
        byte[] bytes = version3("{\"refused\":3,\"strikes\":{\"sentiment\":2}}");
        bytes[0] = 9;
        assertThatThrownBy(() -> new JsonCodec<>(SiteStanding.class).read(bytes))
                .hasMessageContaining("SiteStanding of format version 3")
                .hasMessageContaining("[9]");
        assertThatThrownBy(() -> new JsonCodec<>(SiteStanding.class).read(new byte[0]))
                .hasMessageContaining("format version 3");
    }

    @Test
    void bytes_withUnknownOrMissingFields_areRefusedWithoutQuotingThem() {
        JsonCodec<SiteStanding> codec = new JsonCodec<>(SiteStanding.class);
        assertThatThrownBy(() -> codec.read(version3("{\"refused\":3,\"strikes\":{\"sentiment\":2},\"secret\":77}")))
                .hasMessage("the bytes are not a SiteStanding");
        assertThatThrownBy(() -> codec.read(version3("{\"refused\":3}")))
                .hasMessage("the bytes are not a SiteStanding");
    }

    private static byte[] version3(String json) {
        return ("\u0003" + json).getBytes(StandardCharsets.UTF_8);
    }
}
