package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Beacon;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Reveal;
import dev.sotto.contracts.avro.Seal;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks whose mask graph is drawn from a beacon: each of eight sites masks with four neighbours, of whom one may drop out. */
class SparseBlockTest {
    private static final int SITES = 8;

    @TempDir
    Path models;

    private Federation federation;
    private Federation.Member bankA;

    @BeforeEach
    void found() throws Exception {
        TaskDefinition task = Parties.task("encoding:", "protocol: {colluding: 0, dropout: 0.13}\nencoding:");
        federation = new Federation(models, new Parties(task, SITES));
        federation.coordination.sparse = true;
        bankA = federation.member("bank-a");
    }

    @Test
    void task_onASparseGraph_sumsExactlyAndErasesAll() throws Exception {
        federation.runTask();
        assertThat(federation.coordination.offer.getDegree()).isEqualTo(4);
        for (Federation.Member member : federation.members.values()) {
            assertThat(member.refusals()).isEmpty();
            assertThat(member.storage.files.keySet()).containsExactly("position");
        }
        assertThat(bankA.events.stream().map(SiteEvent::line).toList())
                .startsWith(
                        "block 1 enrolled",
                        "block 1 revealed",
                        "block 1 dealt to 4 sites threshold 3",
                        "block 1 sealed with 8 sites");
    }

    @Test
    void dropout_onASparseGraph_isTakenOutOfTheSum() throws Exception {
        federation.sealBlock(1, 1);
        federation.members.remove(new SiteId("bank-e"));
        federation.open(1, 1, untouched -> {});
        federation.survivors(1);
        assertThat(federation.server.manifests(1)).hasSize(SITES - 1);
        federation.assertSumIsExact(1);
    }

    @Test
    void sealedBlock_holdsTheBundlesOfNeighboursAlone() throws Exception {
        federation.sealBlock(1, 1);
        SealedBlock block = ((SiteState.Sealed) bankA.runner.state()).block();
        SortedSet<SiteId> concerned = block.terms().graph().neighbours(bankA.id);
        concerned.add(bankA.id);
        assertThat(block.roster().keySet()).isEqualTo(concerned).hasSize(5);
        assertThat(block.members()).hasSize(SITES);
    }

    @Test
    void round_withMoreAwayThanTheGraphIsDrawnFor_isRefused() throws Exception {
        federation.sealBlock(1, 1);
        SortedSet<SiteId> neighbours = federation.coordination.terms.graph().neighbours(bankA.id);
        List<String> away = neighbours.stream().limit(2).map(SiteId::value).toList();
        federation.open(1, 1, open -> open.getAnnounced().removeAll(away));
        assertThat(bankA.events)
                .contains(new SiteEvent.Refused(Refusal.BAD_ANNOUNCEMENT, "round 1 announces 6 sites; it takes 7"));
        assertThat(bankA.update.calls).isZero();
        assertThat(bankA.runner.state()).isInstanceOf(SiteState.Sealed.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void site_killedAtManyPoints_getsToTheEnd(int every) throws Exception {
        CrashPlan plan = new CrashPlan(point -> point % every == 0);
        bankA.plan = plan;
        federation.runTask();
        assertThat(plan.killed()).isGreaterThanOrEqualTo(plan.points() / every);
        assertThat(plan.points()).isGreaterThan(60);
        assertThat(bankA.refusals()).isEmpty();
        assertThat(bankA.storage.files.keySet()).containsExactly("position");
        assertThat(federation.server.reveals(1)).containsKey(bankA.id);
        assertThat(federation.server.answers(2)).containsKey(bankA.id);
    }

    @Test
    void block_withoutAReveal_isGivenUpAndTheNextOneHasAnother() throws Exception {
        federation.catchUp();
        Federation.Member silent = federation.members.remove(new SiteId("bank-h"));
        federation.offerBlock(1, 1, untouched -> {});
        assertThat(federation.server.reveals(1)).hasSize(SITES - 1);
        federation.coordination.blockAborted(1);
        federation.catchUp();
        assertThat(bankA.events).contains(new SiteEvent.BlockAborted(1, "a reveal is missing"));
        assertThat(bankA.storage.files.keySet()).noneMatch(name -> name.startsWith("block-1."));
        federation.sealBlock(2, 1);
        federation.open(2, 1, untouched -> {});
        federation.survivors(1);
        federation.assertSumIsExact(1);
        federation.members.put(silent.id, silent);
        federation.catchUp();
        assertThat(silent.runner.state()).isInstanceOf(SiteState.SittingOut.class);
    }

    private static Arguments offer(Refusal refusal, String lie, Consumer<BlockOffer> change) {
        return Arguments.of(refusal, lie, change);
    }

    static Stream<Arguments> offers() {
        return Stream.of(
                offer(Refusal.GRAPH_TOO_WEAK, "fewer neighbours", offer -> {
                    offer.setDegree(2);
                    offer.setThreshold(2);
                }),
                offer(Refusal.GRAPH_TOO_WEAK, "a graph nobody has judged", offer -> offer.setDegree(6)),
                offer(Refusal.THRESHOLD_TOO_LOW, "no majority", offer -> offer.setThreshold(2)),
                offer(Refusal.THRESHOLD_TOO_LOW, "more than all", offer -> offer.setThreshold(5)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("offers")
    void offer_ofAWeakGraph_isRefusedAndNothingRevealed(Refusal refusal, String lie, Consumer<BlockOffer> change)
            throws Exception {
        federation.offerBlock(1, 1, change);
        assertThat(bankA.refusals()).containsExactly(refusal);
        assertThat(federation.server.records(Kind.REVEAL)).isEmpty();
    }

    @Test
    void offer_thatDoesNotNameTheSite_getsNoNonce() throws Exception {
        federation.catchUp();
        SortedMap<SiteId, byte[]> others = new TreeMap<>(federation.server.enrolments(1));
        others.remove(bankA.id);
        federation.coordination.offer(1, 1, others.values(), untouched -> {});
        federation.catchUp();
        assertThat(federation.server.reveals(1)).hasSize(SITES - 1).doesNotContainKey(bankA.id);
    }

    @Test
    void offers_withoutASeal_areRefusedAfterTheEighth() throws Exception {
        for (int block = 1; block <= OfferCheck.MOST_DRAWS; block++) {
            federation.offerBlock(block, 1, untouched -> {});
            federation.coordination.blockAborted(block);
        }
        assertThat(bankA.refusals()).isEmpty();
        bankA.restart();
        federation.offerBlock(9, 1, untouched -> {});
        assertThat(bankA.refusals()).containsExactly(Refusal.TOO_MANY_OFFERS);
        assertThat(federation.server.reveals(9)).isEmpty();
    }

    @Test
    void offers_afterASeal_areCountedAnew() throws Exception {
        for (int block = 1; block < OfferCheck.MOST_DRAWS; block++) {
            federation.offerBlock(block, 1, untouched -> {});
            federation.coordination.blockAborted(block);
        }
        federation.sealBlock(8, 1);
        federation.coordination.aborted(2);
        federation.sealBlock(9, 3);
        assertThat(bankA.refusals()).isEmpty();
        assertThat(bankA.runner.state()).isInstanceOf(SiteState.Sealed.class);
    }

    private void beaconIs(Refusal refusal, Consumer<Beacon> lie) throws Exception {
        federation.offerBlock(1, 1, untouched -> {});
        federation.coordination.beacon(1, federation.server.reveals(1).values(), lie);
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(refusal);
        assertThat(bankA.runner.state()).isEqualTo(new SiteState.SittingOut(1, 2));
        assertThat(federation.server.records(Kind.BUNDLE)).isEmpty();
    }

    @Test
    void beacon_withoutAMember_isRefused() throws Exception {
        beaconIs(Refusal.BAD_BEACON, beacon -> beacon.getReveals().remove(3));
    }

    @Test
    void beacon_withAMemberTwice_isRefused() throws Exception {
        beaconIs(Refusal.BAD_BEACON, beacon -> beacon.getReveals()
                .set(3, beacon.getReveals().get(2)));
    }

    @Test
    void beacon_ofAnotherBlock_isRefused() throws Exception {
        beaconIs(Refusal.BAD_BEACON, beacon -> beacon.setBlock(2));
    }

    @Test
    void beacon_withAnAlteredNonce_isRefused() throws Exception {
        beaconIs(Refusal.BAD_BEACON, beacon -> {
            byte[] altered = beacon.getReveals().get(3).array().clone();
            altered[altered.length - 80] ^= 1;
            beacon.getReveals().set(3, ByteBuffer.wrap(altered));
        });
    }

    /** A member that helps the server: another nonce than it committed to, once it has seen the others'. */
    @Test
    void beacon_withANonceThatNobodyCommittedTo_isRefused() throws Exception {
        SiteId liar = new SiteId("bank-d");
        beaconIs(Refusal.BAD_BEACON, beacon -> {
            byte[] chosen = federation
                    .parties
                    .signer(liar)
                    .sealBytes(
                            federation.parties.task.id(),
                            Kind.REVEAL,
                            position(federation.server.reveals(1).get(liar)),
                            new Reveal(1, ByteBuffer.allocate(32)));
            beacon.getReveals().set(3, ByteBuffer.wrap(chosen));
        });
    }

    @Test
    void beacon_withANonceRevealedUnderAnotherOffer_isRefused() throws Exception {
        SiteId misled = new SiteId("bank-d");
        beaconIs(Refusal.BAD_BEACON, beacon -> {
            byte[] elsewhere = federation
                    .parties
                    .signer(misled)
                    .sealBytes(
                            federation.parties.task.id(),
                            Kind.REVEAL,
                            new TranscriptPosition(1, new byte[32]),
                            payload(federation.server.reveals(1).get(misled)));
            beacon.getReveals().set(3, ByteBuffer.wrap(elsewhere));
        });
    }

    private TranscriptPosition position(byte[] value) {
        try {
            return SignedPosition.of(value);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Reveal payload(byte[] value) {
        try {
            return new EnvelopeVerifier(federation.parties.trust).open(value).payload(Reveal.class);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void seal_withoutABeacon_isRefused() throws Exception {
        federation.offerBlock(1, 1, untouched -> {});
        federation.coordination.append(
                Kind.SEAL,
                new Seal(1, new ArrayList<>(List.of("bank-a", "bank-b", "bank-c")), ByteBuffer.allocate(32)));
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.BAD_SEAL);
        assertThat(bankA.runner.state()).isEqualTo(new SiteState.SittingOut(1, 2));
    }

    /** After a kill the server, which knows all nonces by now, shows another offer at the same place. */
    @Test
    void offer_rewrittenAfterTheNonceWasSent_isAFork() throws Exception {
        bankA.plan = CrashPlan.after("after writing block-1.reveal");
        federation.catchUp();
        TranscriptPosition before = federation.coordination.position;
        federation.coordination.offer(1, 1, federation.server.enrolments(1).values(), untouched -> {});
        assertThatThrownBy(bankA::turn).isInstanceOf(CrashPlan.Killed.class);
        BlockOffer other = BlockOffer.newBuilder(federation.coordination.offer)
                .setDeadline(1)
                .build();
        federation.transcript.values.set(
                federation.transcript.values.size() - 1,
                federation.coordination.sign(Kind.BLOCK_OFFER, before.next(), other));
        assertThatThrownBy(bankA::catchUp).isInstanceOf(DistrustException.class).hasMessageContaining("forks");
    }

    /** A block's sites are a set: who is left out of the seal is no neighbour of anybody. */
    @Test
    void member_withoutABundle_isOutOfTheBlock() throws Exception {
        federation.dealBlock(1, 1);
        SiteId late = new SiteId("bank-c");
        SortedMap<SiteId, byte[]> bundles = new TreeMap<>(federation.server.bundles(1));
        bundles.remove(late);
        for (byte[] bundle : bundles.values()) {
            federation.coordination.roster(1, bundle);
        }
        federation.coordination.seal(1, bundles.values(), untouched -> {});
        federation.catchUp();
        assertThat(federation.member("bank-c").runner.state()).isEqualTo(new SiteState.SittingOut(1, 2));
        federation.coordination.open(
                1, 1, federation.model, federation.location, new TreeSet<>(bundles.keySet()), untouched -> {});
        federation.catchUp();
        assertThat(federation.server.manifests(1)).hasSize(SITES - 1);
    }
}
