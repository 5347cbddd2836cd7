package dev.sotto.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.contracts.avro.ModelAnnounced;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ServingTurnTest {
    private static ModelAnnounced announced(int version, Integer withdrawn, Double unclipped) {
        return ModelAnnounced.newBuilder()
                .setVersion(version)
                .setRound(version)
                .setLocation("file:///models")
                .setSha256(ByteBuffer.allocate(32))
                .setParent(ByteBuffer.allocate(32))
                .setSurvivors(List.of())
                .setRho(0)
                .setEpsilon(0)
                .setDelta(1e-5)
                .setAggregateHash(ByteBuffer.allocate(32))
                .setUnclipped(unclipped)
                .setWithdrawn(withdrawn)
                .build();
    }

    @Test
    void turns_comeInTheOrderInWhichModelsServe() throws Exception {
        List<ServingTurn> served = List.of(
                ServingTurn.of(announced(5, null, null)),
                ServingTurn.of(announced(6, null, null)),
                ServingTurn.of(announced(3, 6, null)),
                ServingTurn.of(announced(2, 6, null)),
                ServingTurn.of(announced(7, null, null)),
                ServingTurn.of(announced(5, 9, null)),
                ServingTurn.of(announced(10, null, null)));
        assertThat(served).isSorted();
        for (int i = 1; i < served.size(); i++) {
            assertThat(served.get(i).isAfter(served.get(i - 1))).isTrue();
            assertThat(served.get(i - 1).isAfter(served.get(i))).isFalse();
        }
        assertThat(served.get(2).isAfter(served.get(2))).isFalse();
    }

    @Test
    void turn_thatWithdrawsLessThanItServes_isRefused() {
        assertThatThrownBy(() -> ServingTurn.of(announced(4, 3, null)))
                .isInstanceOfSatisfying(RejectedRecordException.class, e -> assertThat(e.rejection())
                        .isEqualTo(Rejection.INVALID_FIELD))
                .hasMessageContaining("version 4 cannot stand in for versions up to 3");
    }

    @Property
    void turns_differentOnes_areNeverLevel(
            @ForAll @IntRange(max = 6) int version,
            @ForAll @IntRange(max = 6) int reach,
            @ForAll @IntRange(max = 6) int otherVersion,
            @ForAll @IntRange(max = 6) int otherReach) {
        ServingTurn one = new ServingTurn(Math.min(version, reach), Math.max(version, reach));
        ServingTurn other = new ServingTurn(Math.min(otherVersion, otherReach), Math.max(otherVersion, otherReach));
        assertThat(one.isAfter(other) || other.isAfter(one)).isEqualTo(!one.equals(other));
    }

    @Test
    void announcement_isWrittenUpToItsLastAddedField_andReadInEveryForm() throws Exception {
        int plain = AvroCodec.encode(announced(4, null, null)).length;
        assertThat(AvroCodec.encode(announced(4, null, 0.5))).hasSize(plain + 9);
        assertThat(AvroCodec.encode(announced(4, 6, null))).hasSize(plain + 3);
        for (ModelAnnounced form : List.of(
                announced(4, null, null), announced(4, null, 0.5), announced(4, 6, null), announced(4, 6, 0.5))) {
            assertThat(AvroCodec.decode(AvroCodec.encode(form), ModelAnnounced.class))
                    .isEqualTo(form);
        }
    }
}
