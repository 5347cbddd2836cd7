package dev.sotto.coordination.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.NoiseCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.Unmask;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.coordination.fixture.Play;
import dev.sotto.coordination.fixture.PlayedAggregation;
import dev.sotto.coordination.fixture.PlayedSite;
import dev.sotto.coordination.protocol.Releasing;
import dev.sotto.federation.NoiseLink;
import dev.sotto.secagg.RefusedException;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Four sites of which one may drop out, and whose noise is taken off if none does. */
class RemovedNoiseTest {
    private static final String TASK = Play.text()
            .replace("chunkEntries: 128, clipNorm: 4.0, scale: 65536", "chunkEntries: 132, clipNorm: 4.0, scale: 4096")
            .replace("mode: central", "mode: distributed, removal: true");

    private final Play play = new Play(TASK);
    private final SortedMap<SiteId, NoiseLink> noise = new TreeMap<>();

    /** The window closes over the first sites, each of which commits to a noise of its own. */
    private void closed(int survivors) throws RejectedRecordException {
        play.opened();
        int anchor = play.task.noiseComponents(4).components();
        List<Survivor> listed = new ArrayList<>();
        for (PlayedSite site : play.sites.subList(0, survivors)) {
            NoiseLink first = NoiseLink.first(play.round(1), new SecureRandom());
            noise.put(site.id, first);
            Survivor survivor = PlayedAggregation.survivor(site, play.transcript());
            Manifest manifest =
                    play.parties.verifier().open(survivor.getManifest().array()).payload(Manifest.class);
            manifest.setNoiseAnchor(ByteBuffer.wrap(first.at(anchor).bytes()));
            byte[] signed = site.sign(play.transcript().last(Kind.ROUND_OPEN).reached(), Kind.MANIFEST, manifest);
            listed.add(new Survivor(site.id.value(), survivor.getRoot(), ByteBuffer.wrap(signed)));
        }
        play.closed(1, play.aggregation.windowClosed(play.round(1), listed, List.of()));
    }

    private Unmask answer(PlayedSite site, int component) throws RefusedException {
        return site.answer(play.transcript(), play.round(1), noise.get(site.id).at(component));
    }

    private void answered(PlayedSite site, Unmask answer) {
        play.fromSite(site, site.sign(play.transcript().last(Kind.SURVIVORS).reached(), Kind.UNMASK, answer));
    }

    private SortedMap<SiteId, NoiseLink> links() throws RejectedRecordException {
        assertThat(play.seeds()).hasSize(1);
        byte[] record = play.runtime.sent(Topics.UNMASK.name()).get(0).value();
        return NoiseCodec.fromRecord(
                play.task.id(), play.parties.verifier().open(record).payload(UnmaskSeeds.class));
    }

    @Test
    void answers_ofAllSurvivors_areWaitedForAndTheirNoiseComesOff() throws Exception {
        closed(4);
        for (PlayedSite site : play.sites.subList(0, 3)) {
            answered(site, answer(site, 1));
        }
        assertThat(play.seeds()).isEmpty();
        answered(play.sites.get(3), answer(play.sites.get(3), 1));
        assertThat(links()).hasSize(4);
        links().forEach((site, link) -> {
            assertThat(link.component()).isEqualTo(1);
            assertThat(link.bytes()).isEqualTo(noise.get(site).at(1).bytes());
        });
        assertThat(play.refusals(Topics.SITES)).isEmpty();
    }

    @Test
    void answers_missingWhenTimeIsOver_leaveTheirNoiseAndNoMore() throws Exception {
        closed(4);
        for (PlayedSite site : play.sites.subList(1, 4)) {
            answered(site, answer(site, 1));
        }
        play.runtime.advance(Duration.ofSeconds(61));
        assertThat(links()).containsOnlyKeys(new SiteId("site-b"), new SiteId("site-c"), new SiteId("site-d"));
        assertThat(play.roundState(1)).isInstanceOf(Releasing.class);
        assertThat(play.transcript().count(Kind.ROUND_ABORTED)).isZero();
    }

    @Test
    void answers_tooFewWhenTimeIsOver_abortAsEver() throws Exception {
        closed(4);
        answered(play.sites.get(0), answer(play.sites.get(0), 1));
        answered(play.sites.get(1), answer(play.sites.get(1), 1));
        play.runtime.advance(Duration.ofSeconds(61));
        assertThat(play.seeds()).isEmpty();
        assertThat(play.transcript().count(Kind.ROUND_ABORTED)).isEqualTo(1);
    }

    @Test
    void answers_withAsManyDropoutsAsTolerated_takeNothingOff() throws Exception {
        closed(3);
        play.answered(1, 3);
        assertThat(links()).isEmpty();
    }

    @Test
    void answer_withAnotherLinkThanCommittedTo_isStruckAndItsNoiseStays() throws Exception {
        closed(4);
        PlayedSite liar = play.sites.get(2);
        noise.put(liar.id, NoiseLink.first(play.round(1), new SecureRandom()));
        for (PlayedSite site : play.sites) {
            answered(site, answer(site, 1));
        }
        assertThat(links()).hasSize(3).doesNotContainKey(liar.id);
        assertThat(play.strikes(liar)).isEqualTo(1);
    }

    /** A site that has been told of a dropout gives away less, which does not open for those who have not. */
    @Test
    void answer_withTheLinkOfAnotherNumberOfDropouts_isStruckAndItsNoiseStays() throws Exception {
        closed(4);
        for (PlayedSite site : play.sites) {
            answered(site, answer(site, site == play.sites.get(0) ? 2 : 1));
        }
        assertThat(links()).hasSize(3);
        assertThat(play.strikes(play.sites.get(0))).isEqualTo(1);
    }

    @Test
    void answer_withKeysThatAreNone_isRefused() throws Exception {
        closed(4);
        PlayedSite site = play.sites.get(0);
        Unmask answer = answer(site, 1);
        answer.setNoiseKeys(List.of(ByteBuffer.allocate(31)));
        answered(site, answer);
        assertThat(play.refusals(Topics.SITES)).containsExactly("INVALID_FIELD");
    }

    @Test
    void answers_withoutAnyNoise_releaseTheSumWithAllOfIt() throws Exception {
        closed(4);
        play.answered(1, 4);
        assertThat(links()).isEmpty();
        assertThat(play.refusals(Topics.SITES)).isEmpty();
    }
}
