package dev.sotto.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.bert.Variant;
import dev.sotto.contracts.ServingTurn;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.junit.jupiter.api.Test;

/** States that were written before models had a reach or an arithmetic of their own, by that release's own classes. */
class OlderStateTest {
    private static <T> T restored(Class<T> type, String file) throws Exception {
        byte[] bytes = Files.readAllBytes(Path.of("src/test/resources/states", file));
        DataInputViewStreamWrapper in = new DataInputViewStreamWrapper(new ByteArrayInputStream(bytes));
        TypeSerializerSnapshot<T> older =
                TypeSerializerSnapshot.readVersionedSnapshot(in, OlderStateTest.class.getClassLoader());
        TypeSerializer<T> today = TypeInformation.of(type).createSerializer(new SerializerConfigImpl());
        assertThat(today.snapshotConfiguration()
                        .resolveSchemaCompatibility(older)
                        .isCompatibleAfterMigration())
                .isTrue();
        return older.restoreSerializer().deserialize(in);
    }

    @Test
    void modelInPlace_ofAnOlderState_standsInForItself() throws Exception {
        assertThat(restored(ModelUpdate.class, "model-update-v1.state"))
                .isEqualTo(new ModelUpdate(4, "file:///models/v000004/", "ab", 4, Variant.FP32));
    }

    @Test
    void surge_ofAnOlderState_keepsItsBaseline() throws Exception {
        SurgeState state = restored(SurgeState.class, "surge-state-v1.state");
        assertThat(state.turn()).isEqualTo(ServingTurn.made(4));
        assertThat(state.baselineMessages()).isEqualTo(120.5);
        assertThat(state.panes()).isEqualTo(List.of(new Pane(3_660_000, 20, 3, false)));
    }
}
