package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.federation.ProtocolSettings;
import dev.sotto.secagg.GraphParameters;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphCheckTest {
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);
    private static final double COLLUDING = 0.1;
    private static final double DROPOUT = 0.1;

    private final GraphCheck check = new GraphCheck(new ProtocolSettings(COLLUDING, DROPOUT, 3, 4));

    private static BlockOffer offer(int n, int degree, int threshold) {
        return new BlockOffer(
                1,
                1,
                1,
                threshold,
                new ArrayList<>(Collections.nCopies(n, new CohortMember("bank-a", NONE, NONE))),
                NONE,
                0L,
                degree);
    }

    private void assertRefused(Refusal refusal, BlockOffer offer) {
        assertThatThrownBy(() -> check.check(offer))
                .isInstanceOfSatisfying(
                        RefusedStepException.class, e -> assertThat(e.refusal()).isEqualTo(refusal));
    }

    @Test
    void sparseGraph_asTheFinderGivesIt_isTakenAndAnyWeakerOneRefused() throws Exception {
        GraphParameters needed = GraphParameters.find(500, COLLUDING, DROPOUT);
        int k = needed.degree();
        int t = needed.threshold();
        check.check(offer(500, k, t));
        check.check(offer(500, k, k));
        assertRefused(Refusal.GRAPH_TOO_WEAK, offer(500, k - 2, t));
        assertRefused(Refusal.GRAPH_TOO_WEAK, offer(500, k + 2, t));
        assertRefused(Refusal.GRAPH_TOO_WEAK, offer(500, -1, t));
        assertRefused(Refusal.THRESHOLD_TOO_LOW, offer(500, k, t - 1));
        assertRefused(Refusal.THRESHOLD_TOO_LOW, offer(500, k, k + 1));
    }

    @Test
    void sparseGraph_ofSoFewThatNoneIsSafe_isRefused() {
        assertRefused(Refusal.GRAPH_TOO_WEAK, offer(8, 4, 3));
    }

    /** floor((n + floor(0.1 n)) / 2) + 1. */
    @ParameterizedTest
    @CsvSource({"4, 3", "9, 5", "10, 6", "30, 17", "100, 56", "200, 111"})
    void completeGraph_needsMoreSharesThanColludersCanGetAround(int n, int least) throws Exception {
        check.check(offer(n, 0, least));
        check.check(offer(n, 0, n));
        assertRefused(Refusal.THRESHOLD_TOO_LOW, offer(n, 0, least - 1));
        assertRefused(Refusal.THRESHOLD_TOO_LOW, offer(n, 0, n + 1));
    }
}
