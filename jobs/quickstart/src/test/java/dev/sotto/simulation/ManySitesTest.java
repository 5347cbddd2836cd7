package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.avro.RoundResult;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two hundred sites on a sparse mask graph. */
class ManySitesTest {
    private static final int SITES = Integer.getInteger("sotto.sites", 200);
    private static final int ROUNDS = Integer.getInteger("sotto.rounds", 10);
    private static final int PER_BLOCK = Integer.getInteger("sotto.perBlock", 10);

    @BeforeAll
    static void rememberSignatures() {
        RememberedSignatures.install();
    }

    @Test
    void twoHundredSites_aTenthMissingEveryRound_everySumIsExact() throws Exception {
        Settings.Draft draft = new Settings.Draft();
        draft.sites = SITES;
        draft.count = ROUNDS;
        draft.perBlock = PER_BLOCK;
        draft.minCohort = SITES * 3 / 4;
        draft.dropout = 0.1;
        draft.colluding = 0.05;
        draft.ringBits = 20;
        int dropouts = SITES / 10;
        try (ManySites federation = new ManySites(draft.settings(Settings.Profile.FAULTS), dropouts, 2)) {
            federation.run(3_600_000);
            assertThat(federation.results()).as("%s", federation.history()).hasSize(ROUNDS);
            assertThat(federation.exactSums()).isEqualTo(ROUNDS);
            assertThat(federation.results()).extracting(RoundResult::getRound).doesNotHaveDuplicates();
            assertThat(federation.results())
                    .allSatisfy(result -> assertThat(result.getDropouts()).hasSize(dropouts));
        }
    }
}
