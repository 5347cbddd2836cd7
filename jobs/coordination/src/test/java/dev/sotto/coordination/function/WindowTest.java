package dev.sotto.coordination.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.RoundAborted;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.Survivors;
import dev.sotto.coordination.fixture.Parties;
import dev.sotto.coordination.fixture.Play;
import dev.sotto.coordination.fixture.PlayedAggregation;
import dev.sotto.coordination.fixture.PlayedSite;
import dev.sotto.coordination.protocol.Uploading;
import dev.sotto.secagg.MaskExpander;
import dev.sotto.secagg.RefusedException;
import dev.sotto.secagg.RoundGroups;
import dev.sotto.secagg.SignedSeed;
import dev.sotto.secagg.SiteId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a closed window must hold before sites are asked to unmask it. */
class WindowTest {
    private final Play play = new Play();

    @Test
    void survivors_inTheTranscript_carryTheirManifests() {
        play.closed();
        List<Survivor> listed =
                play.transcript().last(Kind.SURVIVORS, Survivors.class).getSurvivors();
        assertThat(listed).hasSize(3).isEqualTo(survivors(3));
        assertThat(listed.get(0).getManifest().remaining()).isPositive();
    }

    @Test
    void manifest_missingForgedOrOfAnotherUpload_isRefusedAndTheWindowStaysOpen() {
        play.opened();
        byte[] root = PlayedAggregation.hash("root");
        PlayedSite site = play.sites.get(0);
        PlayedSite forger = new PlayedSite(
                site.id, new Parties(1).sites.values().iterator().next(), play.task.id(), play.parties.random);
        List<byte[]> bad = List.of(
                new byte[0],
                forger.manifest(play.transcript(), root),
                play.sites.get(1).manifest(play.transcript(), root),
                site.manifest(play.transcript(), PlayedAggregation.hash("another root")),
                site.enrol(1));
        for (byte[] manifest : bad) {
            List<Survivor> survivors = survivors(3);
            survivors.set(0, PlayedAggregation.survivor(site.id, root, manifest));
            play.closed(1, play.aggregation.windowClosed(play.round(1), survivors, List.of()));
        }
        assertThat(play.refusals(Topics.ARRIVALS)).hasSize(5).containsOnly("INVALID_FIELD");
        assertThat(play.roundState(1)).isInstanceOf(Uploading.class);
        play.close(1, play.firstThree());
        assertThat(play.transcript().count(Kind.SURVIVORS)).isEqualTo(1);
    }

    @Test
    void manifest_ofAnEarlierRound_isRefused() {
        play.opened();
        List<Survivor> earlier = survivors(3);
        play.closed(1, play.aggregation.windowClosed(play.round(1), List.of(), List.of()));
        play.transcript();
        play.closed(2, play.aggregation.windowClosed(play.round(2), earlier, List.of()));
        assertThat(play.refusals(Topics.ARRIVALS)).containsExactly("INVALID_FIELD");
    }

    @Test
    void manifest_underAnotherOpeningOfTheRound_abortsAndIsAStrike() {
        play.opened();
        PlayedSite astray = play.sites.get(1);
        byte[] root = PlayedAggregation.hash("root");
        TranscriptPosition fork = new TranscriptPosition(
                play.transcript().last(Kind.ROUND_OPEN).reached().sequence(), new byte[32]);
        List<Survivor> survivors = survivors(4);
        survivors.set(1, PlayedAggregation.survivor(astray.id, root, astray.manifest(play.transcript(), root, fork)));
        play.closed(1, play.aggregation.windowClosed(play.round(1), survivors, List.of()));
        assertThat(reason()).contains("[site-b] signed to have read another opening");
        assertThat(play.strikes(astray)).isEqualTo(1);
        assertThat(play.transcript().last(Kind.ROUND_OPEN, RoundOpen.class).getRound())
                .isEqualTo(2);
    }

    @Test
    void window_withAnIncompleteUpload_abortsAndIsAStrike() {
        play.opened();
        PlayedSite liar = play.sites.get(3);
        byte[] window = play.aggregation.windowClosed(play.round(1), survivors(3), List.of(liar.id));
        play.closed(1, window);
        assertThat(reason()).contains("[site-d] signed for an upload that lacks chunks");
        assertThat(play.strikes(liar)).isEqualTo(1);
        assertThat(play.transcript().last(Kind.ROUND_OPEN, RoundOpen.class).getRound())
                .isEqualTo(2);
        play.closed(1, window);
        assertThat(play.refusals(Topics.ARRIVALS)).containsExactly("LATE");
        assertThat(play.strikes(liar)).isEqualTo(1);
    }

    @Test
    void window_closedAgainWithIncompleteUploads_isAConflict() {
        play.closed();
        play.closed(1, play.aggregation.windowClosed(play.round(1), survivors(3), List.of(play.sites.get(3).id)));
        assertThat(play.refusals(Topics.ARRIVALS)).containsExactly("CONFLICT");
    }

    @Test
    void groups_asManyAsTheTaskWants_areSummedApart() throws RefusedException {
        Play grouped = grouped();
        grouped.opened();
        RoundOpen open = grouped.transcript().last(Kind.ROUND_OPEN, RoundOpen.class);
        assertThat(open.getGroups()).isEqualTo(2);
        RoundGroups groups = grouped.transcript().groups();
        SiteId dropout = groups.members(1).first();
        int entries = open.getEntries();
        int[][] plain = new int[2][entries];
        int[][] masked = new int[2][entries];
        SplittableRandom values = new SplittableRandom(5);
        List<SiteId> survivors = new ArrayList<>();
        for (PlayedSite site : grouped.sites) {
            if (!site.id.equals(dropout)) {
                survivors.add(site.id);
                int[] vector = values.ints(entries, -1000, 1000).toArray();
                add(plain[groups.groupOf(site.id)], vector);
                add(masked[groups.groupOf(site.id)], site.masked(vector, grouped.transcript(), grouped.round(1)));
            }
        }
        grouped.close(1, survivors);
        for (PlayedSite site : grouped.sites) {
            if (!site.id.equals(dropout)) {
                grouped.fromSite(site, site.unmask(grouped.transcript(), grouped.round(1)));
            }
        }
        MaskExpander expander = new MaskExpander();
        assertThat(grouped.seeds()).hasSize(1);
        grouped.seeds().get(0).forEach((group, seeds) -> {
            for (SignedSeed seed : seeds) {
                seed.apply(expander, 0, masked[group], 0, entries);
            }
        });
        assertThat(masked).isDeepEqualTo(plain);
    }

    @Test
    void group_withTooFewSurvivors_abortsTheRound() {
        Play grouped = grouped();
        grouped.opened();
        List<SiteId> gone =
                List.copyOf(grouped.transcript().groups().members(1)).subList(0, 3);
        grouped.close(
                1,
                grouped.sites.stream()
                        .map(site -> site.id)
                        .filter(site -> !gone.contains(site))
                        .toList());
        assertThat(grouped.transcript()
                        .last(Kind.ROUND_ABORTED, RoundAborted.class)
                        .getReason())
                .contains("2 sites of group 1 survived and 3 are needed");
    }

    private static Play grouped() {
        return new Play(Play.text() + "robust: {groups: 2}\n", 10);
    }

    private List<Survivor> survivors(int count) {
        List<Survivor> survivors = new ArrayList<>();
        for (PlayedSite site : play.sites.subList(0, count)) {
            survivors.add(PlayedAggregation.survivor(site, play.transcript()));
        }
        return survivors;
    }

    private String reason() {
        return play.transcript().last(Kind.ROUND_ABORTED, RoundAborted.class).getReason();
    }

    private static void add(int[] sum, int[] vector) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += vector[i];
        }
    }
}
