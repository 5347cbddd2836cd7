package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Roster;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.Seal;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.Survivors;
import dev.sotto.contracts.avro.TaskEnd;
import dev.sotto.contracts.avro.Tick;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.BlockSecrets;
import dev.sotto.secagg.IdentityKeyPair;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A lying coordination, lie by lie: the site refuses, says why, and sends nothing. */
class RefusalTest {
    private static final ByteBuffer ZERO = ByteBuffer.allocate(32);

    @TempDir
    Path models;

    private Federation federation;
    private Federation.Member bankA;

    @BeforeEach
    void found() throws Exception {
        federation = new Federation(models);
        bankA = federation.member("bank-a");
    }

    private static Arguments offer(Refusal refusal, String lie, Consumer<BlockOffer> change) {
        return Arguments.of(refusal, lie, change);
    }

    static Stream<Arguments> offers() {
        return Stream.of(
                offer(Refusal.TASK_CHANGED, "another task", offer -> offer.setTaskHash(ZERO)),
                offer(Refusal.COHORT_TOO_SMALL, "two sites", offer -> {
                    offer.setCohort(new ArrayList<>(offer.getCohort().subList(0, 2)));
                    offer.setThreshold(2);
                }),
                offer(Refusal.THRESHOLD_TOO_LOW, "no majority", offer -> offer.setThreshold(2)),
                offer(Refusal.THRESHOLD_TOO_LOW, "more than all", offer -> offer.setThreshold(5)),
                offer(Refusal.TOO_MANY_ROUNDS, "more rounds", offer -> offer.setRounds(3)),
                offer(Refusal.BAD_TERMS, "a used number", offer -> offer.setBlock(0)),
                offer(Refusal.BAD_TERMS, "no first round", offer -> offer.setFirstRound(0)),
                offer(Refusal.BAD_TERMS, "a member twice", offer -> offer.getCohort()
                        .set(3, offer.getCohort().get(2))),
                offer(Refusal.MEMBER_NOT_TRUSTED, "a swapped key", offer -> {
                    CohortMember victim = offer.getCohort().get(2);
                    victim.setEncryptionKey(offer.getCohort().get(1).getEncryptionKey());
                }),
                offer(Refusal.MEMBER_NOT_TRUSTED, "another's enrolment", offer -> offer.getCohort()
                        .get(2)
                        .setEnrolment(offer.getCohort().get(1).getEnrolment())),
                offer(Refusal.MEMBER_NOT_TRUSTED, "an enrolment for another block", offer -> offer.setBlock(2)),
                offer(Refusal.MEMBER_NOT_TRUSTED, "a stranger", offer -> {
                    ByteBuffer key = offer.getCohort().get(3).getEncryptionKey();
                    EnvelopeSigner stranger = new EnvelopeSigner("bank-x", IdentityKeyPair.generate(Parties.RANDOM));
                    byte[] enrolment = stranger.sealBytes(
                            new TaskId("sentiment"), Kind.ENROL, TranscriptPosition.START, new Enrol(1, key));
                    offer.getCohort().set(3, new CohortMember("bank-x", key, ByteBuffer.wrap(enrolment)));
                }));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("offers")
    void offer_withALie_isRefusedAndNothingDealt(Refusal refusal, String lie, Consumer<BlockOffer> change)
            throws Exception {
        federation.offerBlock(1, 1, change);
        assertThat(bankA.refusals()).containsExactly(refusal);
        assertThat(bankA.runner.state()).isInstanceOf(SiteState.SittingOut.class);
        assertThat(federation.server.bundles(federation.offer.getBlock())).doesNotContainKey(bankA.id);
    }

    @Test
    void offer_underAnEnrolmentThisSiteDoesNotKnow_isRefused() throws Exception {
        federation.catchUp();
        bankA.storage.files.keySet().removeIf(name -> name.endsWith("enrolment"));
        federation.offerBlock(1, 1, untouched -> {});
        assertThat(bankA.refusals()).containsExactly(Refusal.OWN_ENROLMENT_REPLACED);
    }

    @Test
    void offer_underAnEnrolmentOfALostState_isRefused() throws Exception {
        federation.catchUp();
        byte[] lost = federation.server.enrolments(1).get(bankA.id);
        bankA.storage.files.clear();
        federation.offer = federation.coordination.offer(
                1,
                1,
                List.copyOf(replaced(federation.server.enrolments(1), bankA.id, lost)
                        .values()),
                untouched -> {});
        bankA.runner = null;
        // The new state directory knows another enrolment for the same block.
        bankA.start();
        SiteJournal journal = SiteJournal.open(bankA.storage, federation.parties.task.id(), bankA.id);
        journal.enrol(1, new StoredEnrolment(new byte[32], new byte[0]));
        bankA.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.OWN_ENROLMENT_REPLACED);
    }

    private static SortedMap<SiteId, byte[]> replaced(SortedMap<SiteId, byte[]> values, SiteId site, byte[] value) {
        SortedMap<SiteId, byte[]> copy = new TreeMap<>(values);
        copy.put(site, value);
        return copy;
    }

    @Test
    void offer_ofABlockThatRuns_isRefusedAndTheBlockAbandoned() throws Exception {
        federation.sealBlock(1, 1);
        federation.open(1, 1, untouched -> {});
        federation.coordination.offer(1, 1, federation.server.enrolments(1).values(), untouched -> {});
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.BAD_TERMS);
        federation.open(1, 1, untouched -> {});
        assertThat(bankA.update.calls).isEqualTo(1);
        bankA.restart();
        assertThat(bankA.runner.state()).isEqualTo(new SiteState.SittingOut(1, 2));
    }

    @Test
    void roster_withAnAlteredBundle_isRefused() throws Exception {
        federation.offerBlock(1, 1, untouched -> {});
        byte[] altered = federation.server.bundles(1).get(new SiteId("bank-b"));
        altered[altered.length / 2] ^= 1;
        federation.coordination.roster(1, altered);
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.BAD_BUNDLE);
        assertThat(bankA.runner.state()).isEqualTo(new SiteState.SittingOut(1, 2));
    }

    @Test
    void roster_withSomethingElseAMemberSigned_isRefused() throws Exception {
        federation.offerBlock(1, 1, untouched -> {});
        federation.coordination.append(
                Kind.ROSTER,
                new Roster(1, ByteBuffer.wrap(federation.server.enrolments(1).get(new SiteId("bank-b")))));
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.BAD_BUNDLE);
    }

    @Test
    void roster_withAnotherBundleOfThisSite_isRefused() throws Exception {
        federation.offerBlock(1, 1, untouched -> {});
        SortedMap<SiteId, byte[]> bundles = new TreeMap<>(federation.server.bundles(1));
        // Its own payload, signed by it at another place in the transcript, as after a lost state.
        byte[] forged = federation
                .parties
                .signer(bankA.id)
                .sealBytes(
                        federation.parties.task.id(),
                        Kind.BUNDLE,
                        TranscriptPosition.START,
                        federation.verifier().open(bundles.get(bankA.id)).payload(SiteBundle.class));
        bundles.put(bankA.id, forged);
        for (byte[] bundle : bundles.values()) {
            federation.coordination.roster(1, bundle);
        }
        federation.coordination.seal(1, bundles.values(), untouched -> {});
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.OWN_BUNDLE_REPLACED);
    }

    static Stream<Arguments> seals() {
        return Stream.of(
                Arguments.of(Refusal.BAD_SEAL, (Consumer<Seal>) seal -> seal.setSealHash(ZERO)),
                Arguments.of(Refusal.BAD_SEAL, (Consumer<Seal>) seal -> seal.setBlock(2)),
                Arguments.of(Refusal.BAD_SEAL, (Consumer<Seal>)
                        seal -> seal.getMembers().remove("bank-d")),
                Arguments.of(Refusal.BAD_SEAL, (Consumer<Seal>)
                        seal -> seal.getMembers().add("bank-d")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("seals")
    void seal_withALie_isRefused(Refusal refusal, Consumer<Seal> change) throws Exception {
        federation.offerBlock(1, 1, untouched -> {});
        for (byte[] bundle : federation.server.bundles(1).values()) {
            federation.coordination.roster(1, bundle);
        }
        federation.coordination.seal(1, federation.server.bundles(1).values(), change);
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(refusal);
        federation.open(1, 1, untouched -> {});
        assertThat(federation.server.roots(1)).isEmpty();
    }

    @Test
    void seal_overFewerThanTheCohortMinimum_isRefused() throws Exception {
        federation.offerBlock(1, 1, untouched -> {});
        List<byte[]> two = List.copyOf(federation.server.bundles(1).values()).subList(0, 2);
        for (byte[] bundle : two) {
            federation.coordination.roster(1, bundle);
        }
        federation.coordination.seal(1, two, untouched -> {});
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.COHORT_TOO_SMALL);
    }

    private static Arguments open(Refusal refusal, String lie, Consumer<RoundOpen> change) {
        return Arguments.of(refusal, lie, change);
    }

    static Stream<Arguments> opens() {
        return Stream.of(
                open(Refusal.WRONG_ROUND, "beyond the block", open -> open.setRound(3)),
                open(Refusal.WRONG_ROUND, "no round", open -> open.setRound(0)),
                open(Refusal.WRONG_ROUND, "another block", open -> open.setBlock(2)),
                open(Refusal.ROUND_CHANGED, "clip norm", open -> open.setClipNorm(400)),
                open(Refusal.ROUND_CHANGED, "scale", open -> open.setScale(1)),
                open(Refusal.ROUND_CHANGED, "sigma", open -> open.setSigma(1)),
                open(Refusal.ROUND_CHANGED, "chunk", open -> open.setChunkEntries(4)),
                open(Refusal.ROUND_CHANGED, "entries", open -> open.setEntries(4)),
                open(Refusal.ROUND_CHANGED, "ring", open -> open.setRingBits(16)),
                open(Refusal.ROUND_CHANGED, "survivors", open -> open.setMinSurvivors(1)),
                open(Refusal.TASK_CHANGED, "task", open -> open.setTaskHash(ZERO)),
                open(Refusal.BAD_SEAL, "seal", open -> open.setSealHash(ZERO)),
                open(Refusal.BAD_ANNOUNCEMENT, "an outsider", open -> open.getAnnounced()
                        .add("bank-x")),
                open(Refusal.BAD_ANNOUNCEMENT, "a site twice", open -> open.getAnnounced()
                        .add("bank-b")),
                open(Refusal.BAD_ANNOUNCEMENT, "no id", open -> open.getAnnounced()
                        .add("Bank B")),
                open(Refusal.BAD_ANNOUNCEMENT, "too few", open -> open.setAnnounced(List.of("bank-a", "bank-b"))),
                open(Refusal.BAD_MODEL, "another hash", open -> open.setModelSha256(ZERO)),
                open(Refusal.BAD_MODEL, "no hash", open -> open.setModelSha256(ByteBuffer.allocate(3))),
                open(Refusal.BAD_MODEL, "another version", open -> open.setModelVersion(7)),
                open(Refusal.BAD_MODEL, "elsewhere", open -> open.setModelLocation("file:///nowhere/")),
                open(Refusal.BAD_MODEL, "no location", open -> open.setModelLocation("::")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("opens")
    void round_withALie_isRefusedAndNothingTrainedOrSent(Refusal refusal, String lie, Consumer<RoundOpen> change)
            throws Exception {
        federation.sealBlock(1, 1);
        federation.open(1, 1, change);
        assertThat(bankA.refusals()).containsExactly(refusal);
        assertThat(bankA.update.calls).isZero();
        assertThat(federation.server.chunks()).isEmpty();
    }

    @Test
    void model_ofAnotherTask_isRefused() throws Exception {
        federation.sealBlock(1, 1);
        Parties others = new Parties(TaskDefinition.read(Parties.resource("other-task.yaml")));
        Checkpoint foreign = Checkpoint.initial(others.task, 1);
        federation.coordination.open(
                1, 1, foreign, federation.store.put(foreign), federation.members.keySet(), untouched -> {});
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.BAD_MODEL);
        assertThat(bankA.update.calls).isZero();
    }

    @Test
    void round_openedTwice_isUploadedOnce() throws Exception {
        federation.sealBlock(1, 1);
        federation.open(1, 1, untouched -> {});
        federation.open(1, 1, open -> open.getAnnounced().remove("bank-d"));
        assertThat(bankA.refusals()).containsExactly(Refusal.WRONG_ROUND);
        assertThat(bankA.update.calls).isEqualTo(1);
        bankA.restart();
        federation.open(1, 1, untouched -> {});
        assertThat(bankA.update.calls).isEqualTo(1);
    }

    @Test
    void round_afterItsBlockEnded_findsNoSecrets() throws Exception {
        federation.sealBlock(1, 1);
        federation.coordination.aborted(1);
        federation.coordination.aborted(2);
        federation.catchUp();
        federation.open(1, 2, untouched -> {});
        assertThat(bankA.update.calls).isZero();
        assertThat(bankA.storage.files.keySet()).noneMatch(name -> name.startsWith("block-1."));
    }

    @Test
    void round_afterItsResult_hasItsSecretsErasedAndTheNextOnesKept() throws Exception {
        federation.sealBlock(1, 1);
        federation.open(1, 1, untouched -> {});
        federation.survivors(1);
        federation.coordination.result(1);
        federation.catchUp();
        SiteJournal journal = SiteJournal.open(bankA.storage, federation.parties.task.id(), bankA.id);
        BlockSecrets secrets = journal.secrets(1).orElseThrow();
        assertThat(secrets.holds(federation.round(1))).isFalse();
        assertThat(secrets.holds(federation.round(2))).isTrue();
        assertThat(journal.upload(1, 1)).isEmpty();
    }

    private static Arguments survivors(Refusal refusal, String lie, Consumer<Survivors> change) {
        return Arguments.of(refusal, lie, change);
    }

    static Stream<Arguments> survivorLists() {
        return Stream.of(
                survivors(
                        Refusal.BAD_SURVIVORS,
                        "too few",
                        list -> list.setSurvivors(list.getSurvivors().subList(0, 2))),
                survivors(Refusal.BAD_SURVIVORS, "an outsider", list -> list.getSurvivors()
                        .add(new Survivor("bank-x", ZERO))),
                survivors(Refusal.BAD_SURVIVORS, "a site twice", list -> list.getSurvivors()
                        .add(list.getSurvivors().get(1))),
                survivors(Refusal.BAD_SURVIVORS, "this site dead", list -> list.getSurvivors()
                        .remove(0)),
                survivors(Refusal.BAD_SURVIVORS, "another upload of this site", list -> list.getSurvivors()
                        .get(0)
                        .setRoot(ZERO)),
                survivors(Refusal.BAD_SURVIVORS, "no id", list -> list.getSurvivors()
                        .get(1)
                        .setSite("Bank B")),
                survivors(Refusal.WRONG_ROUND, "another round", list -> list.setRound(2)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("survivorLists")
    void survivors_withALie_areRefusedAndNoShareGiven(Refusal refusal, String lie, Consumer<Survivors> change)
            throws Exception {
        federation.sealBlock(1, 1);
        federation.open(1, 1, untouched -> {});
        federation.coordination.survivors(1, federation.server.roots(1), change);
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(refusal);
        assertThat(federation.server.answers(1)).doesNotContainKey(bankA.id);
        // An honest request afterwards is answered.
        federation.survivors(1);
        assertThat(federation.server.answers(1)).containsKey(bankA.id);
    }

    @Test
    void survivors_withThisSiteAliveThoughItWasSilent_areRefused() throws Exception {
        federation.sealBlock(1, 1);
        bankA.now = Federation.NOW.plusSeconds(3600);
        bankA.runner = null;
        federation.open(1, 1, open -> open.setDeadline(Federation.NOW.toEpochMilli()));
        SortedMap<SiteId, byte[]> roots = replaced(federation.server.roots(1), bankA.id, new byte[32]);
        federation.coordination.survivors(1, roots, untouched -> {});
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.BAD_SURVIVORS);
    }

    @Test
    void survivors_aSecondTime_getTheSameAnswerAndAnotherSetNone() throws Exception {
        federation.sealBlock(1, 1);
        federation.open(1, 1, untouched -> {});
        federation.survivors(1);
        // The server side asserts that the copy is byte-identical.
        federation.survivors(1);
        bankA.restart();
        SortedMap<SiteId, byte[]> fewer = new TreeMap<>(federation.server.roots(1));
        fewer.remove(new SiteId("bank-d"));
        federation.coordination.survivors(1, fewer, untouched -> {});
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.SECOND_SURVIVOR_SET);
        assertThat(federation.server.answers(1)).hasSize(4);
        assertThat(federation.server.records(Kind.UNMASK).stream()
                        .filter(record -> record.signer().equals("bank-a")))
                .hasSize(2);
    }

    @Test
    void survivors_afterTheirDeadline_getNoShare() throws Exception {
        federation.sealBlock(1, 1);
        federation.open(1, 1, untouched -> {});
        federation.coordination.survivors(
                1,
                federation.server.roots(1),
                list -> list.setDeadline(Federation.NOW.minusSeconds(1).toEpochMilli()));
        federation.catchUp();
        assertThat(federation.server.answers(1)).isEmpty();
    }

    @Test
    void record_thatIsNotWhatItsKindSays_isRefusedAndTheTranscriptGoesOn() throws Exception {
        federation.sealBlock(1, 1);
        federation.coordination.append(Kind.ROUND_OPEN, new Tick(1L));
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.MALFORMED);
        federation.open(1, 1, untouched -> {});
        assertThat(bankA.update.calls).isEqualTo(1);
    }

    @Test
    void records_ofStrangersAndOfOtherTopics_areIgnored() throws Exception {
        federation.sealBlock(1, 1);
        federation.transcript.values.add(new byte[] {1, 2, 3});
        federation.transcript.values.add(new EnvelopeSigner("coordination", IdentityKeyPair.generate(Parties.RANDOM))
                .sealBytes(
                        federation.parties.task.id(),
                        Kind.TASK_END,
                        federation.coordination.position.next(),
                        new TaskEnd("a stranger says so", 0, 0.0, 0.0)));
        federation.transcript.values.add(
                federation.coordination.sign(Kind.TICK, TranscriptPosition.START.next(), new Tick(1L)));
        federation.transcript.values.add(federation.server.enrolments(1).get(bankA.id));
        federation.open(1, 1, untouched -> {});
        assertThat(bankA.refusals()).isEmpty();
        assertThat(bankA.events).filteredOn(SiteEvent.Ignored.class::isInstance).hasSize(4);
        assertThat(bankA.update.calls).isEqualTo(1);
    }

    @Test
    void transcript_thatForks_isRefusedForEver() throws Exception {
        federation.sealBlock(1, 1);
        TranscriptPosition before = federation.coordination.position;
        federation.open(1, 1, untouched -> {});
        federation.transcript.values.add(
                federation.coordination.sign(Kind.TASK_END, before.next(), new TaskEnd("another story", 0, 0.0, 0.0)));
        assertThatThrownBy(bankA::catchUp)
                .isInstanceOf(DistrustException.class)
                .hasMessageContaining("forks")
                .hasMessageContaining("sequence " + (before.sequence() + 1));
        bankA.runner = null;
        assertThatThrownBy(bankA::catchUp).isInstanceOf(DistrustException.class).hasMessageContaining("forks");
    }

    @Test
    void transcript_rewrittenWhileTheSiteWasAway_isRefusedForEver() throws Exception {
        federation.sealBlock(1, 1);
        int newest = federation.transcript.values.size() - 1;
        TranscriptPosition last = federation.coordination.position;
        TranscriptPosition before = federation
                .verifier()
                .open(federation.transcript.values.get(newest))
                .position();
        assertThat(before.sequence()).isEqualTo(last.sequence());
        federation.transcript.values.set(
                newest, federation.coordination.sign(Kind.TASK_END, before, new TaskEnd("another story", 0, 0.0, 0.0)));
        bankA.runner = null;
        assertThatThrownBy(bankA::catchUp).isInstanceOf(DistrustException.class);
    }

    @Test
    void transcript_withAGap_isRefusedForEver() throws Exception {
        federation.sealBlock(1, 1);
        TranscriptPosition position = federation.coordination.position;
        TranscriptPosition skipped = new TranscriptPosition(position.sequence() + 2, position.head());
        federation.transcript.values.add(
                federation.coordination.sign(Kind.TASK_END, skipped, new TaskEnd("later", 0, 0.0, 0.0)));
        assertThatThrownBy(bankA::catchUp).isInstanceOf(DistrustException.class).hasMessageContaining("gap");
    }

    @Test
    void transcript_deliveredTwice_isTheSameTranscript() throws Exception {
        federation.sealBlock(1, 1);
        federation.transcript.values.addAll(List.copyOf(federation.transcript.values));
        federation.open(1, 1, untouched -> {});
        assertThat(bankA.refusals()).isEmpty();
        assertThat(bankA.update.calls).isEqualTo(1);
        assertThat(Collections.frequency(
                        bankA.events.stream().map(SiteEvent::line).toList(), "block 1 sealed with 4 sites"))
                .isEqualTo(1);
    }
}
