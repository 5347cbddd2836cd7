package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.RoundMetrics;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Updates that missed their window, in a task that takes late ones. */
class LateUpdateTest {
    private static final String KEPT = "kept-update";

    @TempDir
    Path models;

    private Federation federation;
    private Federation.Member bankA;

    @BeforeEach
    void found() throws Exception {
        found(2);
    }

    private void found(int maxStaleness) throws Exception {
        TaskDefinition task = Parties.task("perBlock: 2", "perBlock: 4, closeAfter: 3, maxStaleness: " + maxStaleness);
        federation = new Federation(models, new Parties(task));
        bankA = federation.member("bank-a");
        federation.sealBlock(1, 1);
    }

    /** The window closes without bank-a, which has uploaded. */
    private void closeWithoutBankA(int round) throws Exception {
        SortedMap<SiteId, byte[]> others = new TreeMap<>(federation.server.manifests(round));
        others.remove(bankA.id);
        federation.coordination.survivors(round, others, untouched -> {});
        federation.catchUp();
        federation.coordination.result(round);
        federation.catchUp();
    }

    private void assertSum(int round, int trainedIn) throws Exception {
        int[] sum = federation.unmasked(round);
        double factor = 1 / Math.sqrt(1.0 + round - trainedIn);
        int[] late = VectorUpdate.encoded(federation.parties.task, bankA.id, federation.round(trainedIn));
        int[] rest = new int[sum.length];
        for (SiteId site : federation.members.keySet()) {
            if (!site.equals(bankA.id)) {
                int[] vector = VectorUpdate.encoded(federation.parties.task, site, federation.round(round));
                for (int i = 0; i < rest.length; i++) {
                    rest[i] += vector[i];
                }
            }
        }
        int chunk = federation.parties.task.encoding().chunkEntries();
        for (int i = 0; i < sum.length; i++) {
            // Its metrics are those of its training; only the update is discounted, and rounded up or down.
            double expected = i % chunk < RoundMetrics.ENTRIES ? late[i] : late[i] * factor;
            assertThat((double) sum[i] - rest[i]).isEqualTo(expected, within(1.0));
        }
    }

    @Test
    void update_thatIsNotAmongTheSurvivors_isSentInTheNextRoundDiscountedAndUnderFreshMasks() throws Exception {
        federation.open(1, 1, untouched -> {});
        closeWithoutBankA(1);
        assertThat(bankA.storage.files).containsKey(KEPT);
        assertThat(bankA.events).contains(new SiteEvent.Kept(1));
        bankA.restart();
        federation.open(1, 2, untouched -> {});
        assertThat(bankA.update.calls).isEqualTo(1);
        assertThat(bankA.events).contains(new SiteEvent.SendsLate(2, 1));
        federation.survivors(2);
        assertSum(2, 1);
        assertThat(bankA.storage.files).doesNotContainKey(KEPT);
        federation.coordination.result(2);
        federation.open(1, 3, untouched -> {});
        assertThat(bankA.update.calls).isEqualTo(2);
        federation.survivors(3);
        assertSum(3, 3);
    }

    @Test
    void update_whoseTrainingLastedTooLong_isSentInTheNextRound() throws Exception {
        Instant deadline = Federation.NOW.plusSeconds(120);
        bankA.trains = terms -> {
            bankA.now = deadline.plusSeconds(1);
            return bankA.update.train(terms);
        };
        federation.open(1, 1, open -> open.setDeadline(deadline.toEpochMilli()));
        bankA.trains = bankA.update;
        assertThat(federation.server.manifests(1)).hasSize(3);
        assertThat(bankA.events)
                .contains(new SiteEvent.Skipped(
                        1, "its deadline passed while training; the update is kept for the next"));
        federation.survivors(1);
        federation.coordination.result(1);
        federation.open(1, 2, untouched -> {});
        assertThat(bankA.update.calls).isEqualTo(1);
        federation.survivors(2);
        assertSum(2, 1);
    }

    @Test
    void update_thatIsTooOld_isErasedAndAnotherTrained() throws Exception {
        federation.open(1, 1, untouched -> {});
        closeWithoutBankA(1);
        for (int round = 2; round <= 3; round++) {
            federation.open(1, round, open -> open.getAnnounced().remove("bank-a"));
            federation.survivors(round);
            federation.coordination.result(round);
        }
        federation.catchUp();
        assertThat(bankA.storage.files).containsKey(KEPT);
        federation.open(1, 4, untouched -> {});
        assertThat(bankA.update.calls).isEqualTo(2);
        federation.survivors(4);
        assertSum(4, 4);
    }

    @Test
    void update_thatIsTooOld_isErasedThoughTheSiteIsNotInTheRound() throws Exception {
        found(1);
        federation.open(1, 1, untouched -> {});
        closeWithoutBankA(1);
        federation.coordination.aborted(2);
        federation.open(1, 3, open -> open.getAnnounced().remove("bank-a"));
        assertThat(bankA.storage.files).doesNotContainKey(KEPT);
    }

    @Test
    void update_ofARoundThatWasAborted_isSentAgainSinceNobodyHasSummedIt() throws Exception {
        federation.open(1, 1, untouched -> {});
        federation.coordination.aborted(1);
        federation.open(1, 2, untouched -> {});
        assertThat(bankA.update.calls).isEqualTo(1);
        assertThat(federation.server.manifests(2)).hasSize(4);
    }

    /** Whether the others have answered for it this site cannot know, so the update may be in a sum. */
    @Test
    void update_listedAmongSurvivorsThatTheSiteRefuses_isNeverSentAgain() throws Exception {
        federation.open(1, 1, untouched -> {});
        federation.coordination.survivors(
                1,
                federation.server.manifests(1),
                list -> list.setSurvivors(list.getSurvivors().subList(0, 2)));
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.BAD_SURVIVORS);
        assertThat(bankA.storage.files).doesNotContainKey(KEPT);
        federation.coordination.aborted(1);
        federation.open(1, 2, untouched -> {});
        assertThat(bankA.update.calls).isEqualTo(2);
    }

    @Test
    void update_whenTheTaskEnds_isErased() throws Exception {
        federation.open(1, 1, untouched -> {});
        closeWithoutBankA(1);
        federation.coordination.end();
        federation.catchUp();
        assertThat(bankA.storage.files.keySet()).containsExactly("position");
    }

    @Test
    void update_inATaskThatTakesNoLateOnes_isNeverStored() throws Exception {
        found(0);
        federation.open(1, 1, untouched -> {});
        assertThat(bankA.storage.files).doesNotContainKey(KEPT);
        closeWithoutBankA(1);
        federation.open(1, 2, untouched -> {});
        assertThat(bankA.update.calls).isEqualTo(2);
    }

    @Test
    void site_killedAtEveryPoint_sendsEachUpdateInOneSumAlone() throws Exception {
        TaskDefinition task = Parties.task("perBlock: 2", "perBlock: 4, closeAfter: 3, maxStaleness: 2");
        federation = new Federation(models, new Parties(task));
        bankA = federation.member("bank-a");
        bankA.plan = new CrashPlan(point -> true);
        federation.sealBlock(1, 1);
        federation.open(1, 1, untouched -> {});
        closeWithoutBankA(1);
        federation.open(1, 2, untouched -> {});
        federation.survivors(2);
        assertSum(2, 1);
        federation.coordination.result(2);
        federation.open(1, 3, untouched -> {});
        federation.survivors(3);
        assertSum(3, 3);
        federation.coordination.end();
        federation.catchUp();
        assertThat(bankA.plan.killed()).isEqualTo(bankA.plan.points());
        assertThat(bankA.storage.files.keySet()).containsExactly("position");
    }

    @Test
    void discount_ofALongUpdate_isOfItsClippedLength() {
        RoundId round = federation.round(1);
        KeptUpdate update = new KeptUpdate(round.number(), new float[] {30, 40}, RoundMetrics.NONE);
        assertThat(update.discounted(1, 4)).containsExactly(30, 40);
        assertThat(update.discounted(4, 5)).containsExactly(new float[] {1.5f, 2f}, within(1e-6f));
        assertThat(update.toString()).isEqualTo("update of round 1");
    }
}
