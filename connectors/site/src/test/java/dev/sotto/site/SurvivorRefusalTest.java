package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.Survivors;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
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

/** Requests to unmask with a lie: the site gives no share. */
class SurvivorRefusalTest {
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
                        .add(new Survivor("bank-x", ZERO, ZERO))),
                survivors(Refusal.BAD_SURVIVORS, "a site twice", list -> list.getSurvivors()
                        .add(list.getSurvivors().get(1))),
                survivors(Refusal.BAD_SURVIVORS, "this site twice", list -> list.getSurvivors()
                        .add(list.getSurvivors().get(0))),
                survivors(Refusal.BAD_SURVIVORS, "this site dead", list -> list.getSurvivors()
                        .remove(0)),
                survivors(Refusal.BAD_SURVIVORS, "another upload of this site", list -> list.getSurvivors()
                        .get(0)
                        .setRoot(ZERO)),
                survivors(Refusal.BAD_SURVIVORS, "another manifest of this site", list -> list.getSurvivors()
                        .get(0)
                        .setManifest(list.getSurvivors().get(1).getManifest())),
                survivors(Refusal.BAD_SURVIVORS, "another upload of a survivor", list -> list.getSurvivors()
                        .get(2)
                        .setRoot(ZERO)),
                survivors(Refusal.BAD_SURVIVORS, "no manifest", list -> list.getSurvivors()
                        .get(2)
                        .setManifest(ByteBuffer.allocate(0))),
                survivors(Refusal.BAD_SURVIVORS, "another's manifest", list -> {
                    Survivor lied = list.getSurvivors().get(2);
                    lied.setManifest(list.getSurvivors().get(1).getManifest());
                    lied.setRoot(list.getSurvivors().get(1).getRoot());
                }),
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
        federation.coordination.survivors(1, federation.server.manifests(1), change);
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
        federation.coordination.survivors(1, federation.server.manifests(1), list -> list.getSurvivors()
                .add(new Survivor("bank-a", ZERO, list.getSurvivors().get(0).getManifest())));
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.BAD_SURVIVORS);
    }

    /** It was silent, yet somebody signs in its name what only it can sign. */
    @Test
    void survivors_withAnUploadThatThisSiteSignedBefore_areRefused() throws Exception {
        federation.sealBlock(1, 1);
        federation.open(1, 1, untouched -> {});
        federation.coordination.aborted(1);
        federation.catchUp();
        bankA.paused = true;
        federation.open(1, 2, untouched -> {});
        SortedMap<SiteId, byte[]> manifests = new TreeMap<>(federation.server.manifests(2));
        manifests.put(bankA.id, federation.server.manifests(1).get(bankA.id));
        federation.coordination.survivors(2, manifests, untouched -> {});
        federation.catchUp();
        for (Federation.Member member : federation.members.values()) {
            assertThat(member.refusals()).as(member.id.value()).containsExactly(Refusal.BAD_SURVIVORS);
        }
        assertThat(federation.server.answers(2)).isEmpty();
    }

    /** The lie that would take a small sum apart: one site masks with other sites than the rest believe. */
    @Test
    void survivors_ofWhomOneWasToldOfOtherSites_areRefusedByAll() throws Exception {
        federation.sealBlock(1, 1);
        Federation.Member bankB = federation.member("bank-b");
        MemoryTranscript fork = federation.transcript.fork();
        bankB.reads = fork;
        bankB.restart();
        TranscriptPosition before = federation.coordination.position;
        RoundOpen other = federation.coordination.opening(
                1, 1, federation.model, federation.location, List.of(bankA.id, bankB.id, new SiteId("bank-c")));
        byte[] forked = federation.coordination.sign(Kind.ROUND_OPEN, before.next(), other);
        fork.values.add(forked);
        federation.open(1, 1, untouched -> {});
        assertThat(federation.server.manifests(1)).hasSize(4);
        federation.survivors(1);
        for (Federation.Member member : federation.members.values()) {
            if (member != bankB) {
                assertThat(member.refusals()).as(member.id.value()).containsExactly(Refusal.SURVIVOR_SAW_ANOTHER_ROUND);
            }
        }
        // And the other way round.
        SortedMap<SiteId, byte[]> three = new TreeMap<>(federation.server.manifests(1));
        three.remove(new SiteId("bank-d"));
        federation.coordination.position = federation.verifier().open(forked).reached();
        federation.coordination.survivors(1, three, untouched -> {});
        fork.values.add(federation.transcript.values.get(federation.transcript.values.size() - 1));
        bankB.catchUp();
        assertThat(bankB.refusals()).containsExactly(Refusal.SURVIVOR_SAW_ANOTHER_ROUND);
        assertThat(federation.server.answers(1)).isEmpty();
    }

    @Test
    void survivors_aSecondTime_getTheSameAnswerAndAnotherSetNone() throws Exception {
        federation.sealBlock(1, 1);
        federation.open(1, 1, untouched -> {});
        federation.survivors(1);
        // The server side asserts that the copy is byte-identical.
        federation.survivors(1);
        bankA.restart();
        SortedMap<SiteId, byte[]> fewer = new TreeMap<>(federation.server.manifests(1));
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
                federation.server.manifests(1),
                list -> list.setDeadline(Federation.NOW.minusSeconds(1).toEpochMilli()));
        federation.catchUp();
        assertThat(federation.server.answers(1)).isEmpty();
    }
}
