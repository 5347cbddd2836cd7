package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.GroupMean;
import dev.sotto.federation.SumDecoder;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.SiteId;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The state machine along its good paths and through absences. */
class ParticipantTest {
    @TempDir
    Path models;

    private Federation federation;
    private Federation.Member bankA;

    @BeforeEach
    void found() throws Exception {
        federation = new Federation(models);
        bankA = federation.member("bank-a");
    }

    @Test
    void task_allSitesTakePart_everySumIsExactAndEverySecretErased() throws Exception {
        federation.runTask();
        for (Federation.Member member : federation.members.values()) {
            assertThat(member.refusals()).isEmpty();
            assertThat(member.runner.state()).isEqualTo(new SiteState.Ended(1, "all rounds ended with a model"));
            assertThat(member.storage.files.keySet()).containsExactly("position");
            assertThat(member.update.calls).isEqualTo(2);
        }
    }

    @Test
    void events_ofARound_comeInOrderAndHaveTheirLines() throws Exception {
        federation.runTask();
        assertThat(bankA.events.stream().map(SiteEvent::line).toList())
                .containsExactly(
                        "block 1 enrolled",
                        "block 1 dealt to 4 sites threshold 3",
                        "block 1 sealed with 4 sites",
                        "round 1 trained 16 loss 0.500",
                        "round 1 uploading 4 chunks 29851 bytes",
                        "round 1 uploaded 4 chunks 29851 bytes",
                        "round 1 unmasked survivors 4 dropouts 0",
                        "round 1 result model 1 survivors 3 dropouts 0 epsilon 1.000",
                        "round 2 trained 16 loss 0.500",
                        "round 2 uploading 4 chunks 29851 bytes",
                        "round 2 uploaded 4 chunks 29851 bytes",
                        "round 2 unmasked survivors 4 dropouts 0",
                        "round 2 result model 2 survivors 3 dropouts 0 epsilon 1.000",
                        "block 2 enrolled",
                        "task ended: all rounds ended with a model");
    }

    @Test
    void block_afterItsLastRound_isFollowedByAnEnrolmentForTheNext() throws Exception {
        federation.sealBlock(1, 1);
        federation.coordination.aborted(1);
        federation.coordination.aborted(2);
        federation.sealBlock(2, 3);
        federation.open(2, 3, untouched -> {});
        federation.survivors(3);
        federation.assertSumIsExact(3);
        assertThat(bankA.storage.files.keySet()).noneMatch(name -> name.startsWith("block-1."));
    }

    @Test
    void dropout_whoNeverUploads_isTakenOutOfTheSum() throws Exception {
        federation.sealBlock(1, 1);
        federation.members.remove(new SiteId("bank-d"));
        federation.open(1, 1, untouched -> {});
        federation.survivors(1);
        assertThat(federation.server.manifests(1)).hasSize(3);
        federation.assertSumIsExact(1);
    }

    @Test
    void lateUpload_calledDead_keepsItsSharesAndTheOthersStillReachTheSum() throws Exception {
        federation.sealBlock(1, 1);
        federation.open(1, 1, untouched -> {});
        SortedMap<SiteId, byte[]> survivors = new TreeMap<>(federation.server.manifests(1));
        survivors.remove(bankA.id);
        federation.coordination.survivors(1, survivors, untouched -> {});
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.BAD_SURVIVORS);
        assertThat(federation.server.answers(1)).hasSize(3).doesNotContainKey(bankA.id);
    }

    @Test
    void round_whoseDeadlineHasPassed_isSkippedAndItsSharesStillGiven() throws Exception {
        federation.sealBlock(1, 1);
        bankA.now = Federation.NOW.plusSeconds(3600);
        bankA.runner = null;
        federation.open(
                1, 1, open -> open.setDeadline(Federation.NOW.plusSeconds(120).toEpochMilli()));
        assertThat(bankA.events).contains(new SiteEvent.Skipped(1, "its deadline has passed"));
        assertThat(bankA.update.calls).isZero();
        federation.survivors(1);
        assertThat(federation.server.manifests(1)).doesNotContainKey(bankA.id);
        assertThat(federation.server.answers(1)).containsKey(bankA.id);
        federation.assertSumIsExact(1);
    }

    @Test
    void site_absentFromTheCohort_sitsOutAndEnrolsForTheNextBlock() throws Exception {
        federation.members.remove(bankA.id);
        federation.sealBlock(1, 1);
        federation.members.put(bankA.id, bankA);
        federation.catchUp();
        assertThat(bankA.runner.state()).isEqualTo(new SiteState.SittingOut(1, 2));
        assertThat(federation.server.enrolments(1)).doesNotContainKey(bankA.id);
        federation.coordination.aborted(1);
        federation.coordination.aborted(2);
        federation.catchUp();
        assertThat(federation.server.enrolments(2)).containsKey(bankA.id);
    }

    @Test
    void site_notAnnounced_sitsTheRoundOut() throws Exception {
        federation.sealBlock(1, 1);
        federation.open(1, 1, open -> open.getAnnounced().remove("bank-a"));
        federation.survivors(1);
        assertThat(bankA.update.calls).isZero();
        assertThat(federation.server.answers(1)).hasSize(3).doesNotContainKey(bankA.id);
    }

    @Test
    void restart_betweenUploadAndUnmask_answersForItsUpload() throws Exception {
        federation.sealBlock(1, 1);
        federation.open(1, 1, untouched -> {});
        bankA.restart();
        federation.survivors(1);
        assertThat(bankA.update.calls).isEqualTo(1);
        assertThat(federation.server.answers(1)).containsKey(bankA.id);
        federation.assertSumIsExact(1);
    }

    @Test
    void brokerOutage_afterWhichNobodyKnowsWhatWasCommitted_isAnsweredWithTheSameBytes() throws Exception {
        bankA.outages = 2;
        federation.sealBlock(1, 1);
        bankA.outages = 3;
        federation.open(1, 1, untouched -> {});
        bankA.outages = 1;
        // The server side asserts that every copy is byte-identical.
        federation.survivors(1);
        federation.assertSumIsExact(1);
        assertThat(bankA.events).filteredOn(SiteEvent.Waiting.class::isInstance).hasSize(6);
        assertThat(bankA.update.calls).isEqualTo(1);
    }

    @Test
    void training_thatFails_costsTheSiteARoundAndNotItsLife() throws Exception {
        federation.sealBlock(1, 1);
        bankA.trains = terms -> {
            throw new IllegalStateException("the loss is NaN");
        };
        federation.open(1, 1, untouched -> {});
        assertThat(bankA.events).contains(new SiteEvent.Skipped(1, "training failed: the loss is NaN"));
        federation.survivors(1);
        federation.assertSumIsExact(1);
        bankA.trains = terms -> new LocalUpdate.TrainedUpdate(new float[] {Float.NaN}, 1, 0, 0, 0, List.of());
        federation.coordination.result(1);
        federation.open(1, 2, untouched -> {});
        assertThat(bankA.events.get(bankA.events.size() - 1).line())
                .startsWith("round 2 skipped: its update cannot be encoded");
        assertThat(federation.server.manifests(2)).hasSize(3);
    }

    @Test
    void endedTask_restarted_staysEnded() throws Exception {
        federation.runTask();
        bankA.restart();
        assertThat(bankA.runner.state()).isInstanceOf(SiteState.Ended.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 20, 24, 32})
    void sum_inEveryRing_isExact(int bits) throws Exception {
        federation = new Federation(
                models, new Parties(Parties.task("ringBits: 32", "ringBits: " + bits, "scale: 65536", "scale: 512")));
        federation.sealBlock(1, 1);
        federation.members.remove(new SiteId("bank-d"));
        federation.open(1, 1, untouched -> {});
        federation.survivors(1);
        federation.assertSumIsExact(1);
        long bytes = federation.server.chunks().stream()
                .filter(chunk -> chunk.getSite().equals("bank-a"))
                .mapToLong(chunk -> chunk.getData().remaining())
                .sum();
        assertThat(bytes).isEqualTo(federation.parties.task.chunks().entries() * bits / 8L);
    }

    @Test
    void sum_decoded_isTheMeanByExamplesAndTheMetrics() throws Exception {
        federation.sealBlock(1, 1);
        federation.open(1, 1, untouched -> {});
        federation.survivors(1);
        TaskDefinition task = federation.parties.task;
        int[] sum = federation.unmasked(1);
        double examples = 0;
        double evaluated = 0;
        double correct = 0;
        double[] expected = new double[task.layout().size()];
        for (SiteId site : federation.members.keySet()) {
            LocalUpdate.TrainedUpdate update = VectorUpdate.update(task, site, federation.round(1));
            examples += update.examples();
            evaluated += update.evaluated();
            correct += update.correct();
            for (int i = 0; i < expected.length; i++) {
                expected[i] += update.delta()[i] * update.examples();
            }
        }
        for (int chunk = 0; chunk < task.chunks().chunks(); chunk++) {
            int first = task.chunks().firstEntry(chunk);
            int[] slice = Arrays.copyOfRange(sum, first, first + task.chunks().entriesOf(chunk));
            GroupMean mean = new SumDecoder(task).decode(slice, task.chunks().parametersOf(chunk), 4);
            assertThat(mean.metrics().examples()).isEqualTo(examples, within(0.01));
            assertThat(mean.metrics().meanLoss()).isEqualTo(0.5, within(0.01));
            assertThat(mean.metrics().evaluated()).isEqualTo(evaluated, within(0.01));
            assertThat(mean.metrics().correct()).isEqualTo(correct, within(0.01));
            double worst = 0;
            for (int i = 0; i < mean.mean().length; i++) {
                double exact = expected[task.chunks().firstParameter(chunk) + i] / examples;
                worst = Math.max(worst, Math.abs(mean.mean()[i] - exact));
            }
            assertThat(worst).isLessThan(1e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "after writing block-1.round-1.upload",
                "before sending to fl.updates",
                "after sending to fl.updates"
            })
    void upload_afterAKill_isTheSameBytesThoughTrainingWouldNotBe(String point) throws Exception {
        federation.sealBlock(1, 1);
        SplittableRandom random = new SplittableRandom(1);
        bankA.trains = terms -> {
            LocalUpdate.TrainedUpdate update = bankA.update.train(terms);
            update.delta()[0] += (float) random.nextDouble();
            return update;
        };
        bankA.plan = CrashPlan.after(point);
        bankA.runner = null;
        federation.open(1, 1, untouched -> {});
        assertThat(bankA.plan.killed()).isEqualTo(1);
        assertThat(bankA.update.calls).isEqualTo(1);
        // The server side asserts that what it got twice is the same.
        assertThat(federation.server.manifests(1)).hasSize(4);
        federation.survivors(1);
        assertThat(federation.server.answers(1)).hasSize(4);
    }

    @Test
    void block_abortedAfterItsBundles_isErasedAndFollowedByAnEnrolment() throws Exception {
        federation.dealBlock(1, 1);
        federation.coordination.blockAborted(1);
        federation.catchUp();
        assertThat(bankA.events).contains(new SiteEvent.BlockAborted(1, "a reveal is missing"));
        assertThat(bankA.storage.files.keySet()).noneMatch(name -> name.startsWith("block-1."));
        assertThat(federation.server.enrolments(2)).hasSize(4);
        bankA.restart();
        assertThat(bankA.runner.state()).isEqualTo(new SiteState.Enrolled(2));
    }

    @Test
    void block_abortedBeforeItWasOffered_isFollowedByAnEnrolmentForTheNext() throws Exception {
        federation.catchUp();
        federation.coordination.blockAborted(1);
        federation.sealBlock(2, 1);
        assertThat(bankA.runner.state()).isInstanceOf(SiteState.Sealed.class);
    }

    @Test
    void block_abortedOfAnotherNumber_changesNothing() throws Exception {
        federation.dealBlock(1, 1);
        federation.coordination.blockAborted(2);
        federation.coordination.blockAborted(7);
        federation.catchUp();
        assertThat(bankA.runner.state()).isInstanceOf(SiteState.Dealt.class);
    }
}
