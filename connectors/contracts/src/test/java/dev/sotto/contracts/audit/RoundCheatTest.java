package dev.sotto.contracts.audit;

import static dev.sotto.contracts.audit.Verdicts.assertFinds;
import static dev.sotto.contracts.audit.Verdicts.assertFindsOne;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.RoundResult;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.Survivors;
import dev.sotto.federation.NoiseLink;
import dev.sotto.secagg.RoundGroups;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RoundCheatTest {
    private static final SiteId SITE = new SiteId("bank-c");

    private final History history = new History(AuditTasks.task(), 8);

    private void opening(int nth, Consumer<RoundOpen> change) {
        history.cheat(Kind.ROUND_OPEN, nth, RoundOpen.class, change);
    }

    private void survivors(Consumer<List<Survivor>> change) {
        history.cheat(Kind.SURVIVORS, 1, Survivors.class, record -> change.accept(record.getSurvivors()));
    }

    private void result(int nth, Consumer<RoundResult> change) {
        history.cheat(Kind.ROUND_RESULT, nth, RoundResult.class, change);
    }

    private History oneRound() {
        history.block(false);
        history.round("bank-b");
        return history;
    }

    private History twoRounds() {
        oneRound().round();
        return history;
    }

    private void manifestOf(TranscriptPosition at, Consumer<Manifest> change) {
        survivors(list -> {
            Manifest manifest = history.manifest();
            change.accept(manifest);
            list.set(2, history.survivor(SITE, at == null ? history.opened : at, manifest));
        });
    }

    static Stream<Arguments> settings() {
        return Stream.of(
                setting("sigma", open -> open.setSigma(open.getSigma() / 2)),
                setting("minSurvivors", open -> open.setMinSurvivors(2)),
                setting("clipNorm", open -> open.setClipNorm(40)),
                setting("scale", open -> open.setScale(1)),
                setting("ringBits", open -> open.setRingBits(16)),
                setting("chunkEntries", open -> open.setChunkEntries(64)),
                setting("entries", open -> open.setEntries(8)));
    }

    private static Arguments setting(String name, Consumer<RoundOpen> change) {
        return Arguments.of(name, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void opening_withAnotherSettingThanTheTasks_isFound(String name, Consumer<RoundOpen> change) {
        opening(1, change);
        Finding finding = assertFindsOne(oneRound().audit(), Rule.ROUND_SETTINGS, Kind.ROUND_OPEN);
        assertThat(finding.expected()).startsWith(name + " ");
        assertThat(finding.why()).isNotBlank();
    }

    @Test
    void opening_ofAnotherTaskOrSeal_isFound() {
        opening(1, open -> open.setTaskHash(History.buffer(History.random(32))));
        opening(2, open -> open.setSealHash(History.buffer(History.random(32))));
        assertFinds(twoRounds().audit(), Rule.TASK_CHANGED, Rule.SEAL);
    }

    @Test
    void opening_withASiteThatIsNoMember_isFound() {
        opening(1, open -> open.getAnnounced().add("bank-x"));
        history.block(false);
        history.open();
        assertFindsOne(history.audit(), Rule.ANNOUNCED, Kind.ROUND_OPEN);
    }

    @Test
    void opening_withASiteTwiceOrTooFew_isFound() {
        opening(1, open -> open.getAnnounced().add("bank-c"));
        opening(2, open -> {
            open.getAnnounced().subList(4, 8).clear();
            open.setGroups(1);
        });
        history.block(false);
        history.open();
        history.abort();
        history.open();
        AuditReport report = history.audit();
        assertFinds(report, Rule.ANNOUNCED);
        assertThat(report.findings()).hasSize(2);
    }

    @Test
    void opening_inMoreGroupsThanAgreed_isFound() {
        opening(1, open -> open.setGroups(4));
        history.block(false);
        history.open();
        assertFindsOne(history.audit(), Rule.GROUPS, Kind.ROUND_OPEN);
    }

    @Test
    void opening_fromAnotherModelThanTheLastResults_isFound() {
        opening(2, open -> open.setModelSha256(History.buffer(History.random(32))));
        assertFindsOne(twoRounds().audit(), Rule.MODEL, Kind.ROUND_OPEN);
    }

    @Test
    void opening_fromAnOlderVersion_isFound() {
        opening(2, open -> open.setModelVersion(0));
        assertFinds(twoRounds().audit(), Rule.MODEL);
    }

    @Test
    void opening_ofARoundNumberThatWasUsed_isFound() {
        opening(2, open -> open.setRound(1));
        history.block(false);
        history.round();
        history.open();
        assertFindsOne(history.audit(), Rule.ROUND_NUMBER, Kind.ROUND_OPEN);
    }

    @Test
    void opening_ofARoundOutsideItsBlock_isFound() {
        opening(1, open -> open.setRound(3));
        history.block(false);
        history.open();
        assertFindsOne(history.audit(), Rule.ROUND_NUMBER, Kind.ROUND_OPEN);
    }

    @Test
    void opening_afterTheLastResultThatTheTaskWants_isFound() {
        History longer = new History(AuditTasks.with("count: 3", "count: 1"), 8);
        longer.block(false);
        longer.round();
        longer.open();
        assertFindsOne(longer.audit(), Rule.ROUND_NUMBER, Kind.ROUND_OPEN);
    }

    @Test
    void opening_whileAnotherRoundRuns_isFound() {
        history.block(false);
        history.open();
        history.open();
        assertFindsOne(history.audit(), Rule.ORDER, Kind.ROUND_OPEN);
    }

    @Test
    void survivor_thatWasNotAnnounced_isFound() {
        opening(1, open -> open.getAnnounced().remove("bank-c"));
        history.block(false);
        history.open();
        history.close();
        assertFinds(history.audit(), Rule.SURVIVORS);
    }

    @Test
    void survivor_listedTwice_isFound() {
        survivors(list -> list.add(list.get(2)));
        history.block(false);
        history.open();
        history.close();
        assertFindsOne(history.audit(), Rule.SURVIVORS, Kind.SURVIVORS);
    }

    @Test
    void survivors_tooFewForTheThreshold_areFound() {
        history.block(true);
        history.open();
        history.close("bank-a", "bank-b", "bank-c", "bank-d", "bank-e", "bank-f");
        assertThat(history.audit().findings()).extracting(Finding::rule).contains(Rule.SURVIVORS, Rule.UNMASKING);
    }

    @Test
    void survivors_whoseMaskGraphFallsApart_areFound() {
        history.block(true);
        history.open();
        // Without its neighbours the server learns what the site has sent by itself.
        history.close(history.graph.neighbours(SITE).stream().map(SiteId::value).toArray(String[]::new));
        AuditReport report = history.audit();
        assertFinds(report, Rule.CONNECTED, Rule.UNMASKING);
        assertThat(report.blocks().get(0).rounds().get(0).survivors()).hasSize(4);
    }

    @Test
    void survivors_tooFewInAGroup_areFound() {
        history.block(false);
        history.open();
        // Whichever two of a group go, five of eight are left, which is enough for the threshold.
        List<String> group = group(0);
        history.close(group.get(0), group.get(1));
        Finding finding = assertFindsOne(history.audit(), Rule.SURVIVORS, Kind.SURVIVORS);
        assertThat(finding.expected()).isEqualTo("at least 3 survivors in group 0");
    }

    private List<String> group(int number) {
        SortedSet<SiteId> announced = new TreeSet<>();
        history.open.getAnnounced().forEach(site -> announced.add(new SiteId(site)));
        return RoundGroups.draw(history.sealHash, new RoundId(history.task.id(), 1), announced, 2)
                .members(number)
                .stream()
                .map(SiteId::value)
                .toList();
    }

    @Test
    void survivor_whoseManifestIsOfAnotherOpening_isFound() {
        manifestOf(new TranscriptPosition(11, History.random(32)), manifest -> {});
        history.block(false);
        history.round();
        Finding finding = assertFindsOne(history.audit(), Rule.OPENING, Kind.SURVIVORS);
        assertThat(finding.expected()).contains("bank-c").contains("11:");
    }

    static Stream<Arguments> manifests() {
        return Stream.of(
                manifest("round", manifest -> manifest.setRound(2)),
                manifest("block", manifest -> manifest.setBlock(2)),
                manifest("model", manifest -> manifest.setModelSha256(History.buffer(History.random(32)))),
                manifest("seal", manifest -> manifest.setSealHash(History.buffer(History.random(32)))),
                manifest("chunks", manifest -> manifest.setChunks(1)),
                manifest("entries", manifest -> manifest.setEntries(8)));
    }

    private static Arguments manifest(String name, Consumer<Manifest> change) {
        return Arguments.of(name, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("manifests")
    void survivor_whoseManifestSaysSomethingElse_isFound(String name, Consumer<Manifest> change) {
        manifestOf(null, change);
        history.block(false);
        history.round();
        Finding finding = assertFindsOne(history.audit(), Rule.MANIFEST, Kind.SURVIVORS);
        assertThat(finding.expected()).startsWith(name + " of the upload of bank-c");
    }

    private static History adaptive() {
        return new History(
                AuditTasks.with(
                        "scale: 65536}\nrobust: {groups: 2}\nprivacy: {mode: central, noiseMultiplier: 1.0, delta: 1.0e-5, budgetEpsilon: 20",
                        "scale: 65536, adaptive: {target: 0.5, rate: 0.2, share: 0.5}}\nprivacy: {mode: central, noiseMultiplier: 0.2, delta: 1.0e-5, budgetEpsilon: 200"),
                8);
    }

    @Test
    void clipNorm_thatFollowsTheReleasedShares_isSound() {
        History honest = adaptive();
        honest.block(false);
        honest.round();
        honest.round();
        assertThat(honest.open.getClipNorm()).isEqualTo(4 * StrictMath.exp(0.2 * 0.375));
        assertThat(honest.audit().findings()).isEmpty();
    }

    @Test
    void clipNorm_thatDoesNotFollowFromTheShareBefore_isFound() {
        History lying = adaptive();
        lying.cheat(Kind.ROUND_OPEN, 2, RoundOpen.class, open -> open.setClipNorm(4.0));
        lying.block(false);
        lying.round();
        lying.round();
        Finding finding = assertFindsOne(lying.audit(), Rule.ROUND_SETTINGS, Kind.ROUND_OPEN);
        assertThat(finding.expected()).startsWith("clipNorm 4.3");
    }

    @Test
    void result_withoutAShareOrWithOneThatDoesNotBelong_isFound() {
        History silent = adaptive();
        silent.cheat(Kind.ROUND_RESULT, 1, RoundResult.class, result -> result.setUnclipped(null));
        silent.block(false);
        silent.round();
        silent.round();
        assertFindsOne(silent.audit(), Rule.RESULT, Kind.ROUND_RESULT);
        result(1, result -> result.setUnclipped(0.5));
        assertFindsOne(twoRounds().audit(), Rule.RESULT, Kind.ROUND_RESULT);
    }

    /** Nobody could be held to what it says of its noise afterwards. */
    @Test
    void survivor_withoutANoiseAnchorWhereNoiseComesOff_isFound() {
        String plain = "chunkEntries: 128, clipNorm: 4.0, scale: 65536}\nrobust: {groups: 2}\nprivacy: {mode: central";
        String removal = "chunkEntries: 132, clipNorm: 4.0, scale: 4096}\nprivacy: {mode: distributed, removal: true";
        for (int bytes : new int[] {NoiseLink.BYTES, 0, 31}) {
            History removing = new History(AuditTasks.with(plain, removal), 8);
            removing.cheat(Kind.SURVIVORS, 1, Survivors.class, record -> {
                Manifest manifest = removing.manifest();
                manifest.setNoiseAnchor(History.buffer(History.random(bytes)));
                record.getSurvivors().set(2, removing.survivor(SITE, removing.opened, manifest));
            });
            removing.block(false);
            removing.round();
            AuditReport report = removing.audit();
            if (bytes == NoiseLink.BYTES) {
                assertThat(report.findings()).isEmpty();
            } else {
                Finding finding = assertFindsOne(report, Rule.MANIFEST, Kind.SURVIVORS);
                assertThat(finding.expected()).startsWith("length of the noise anchor of the upload of bank-c");
            }
        }
    }

    @Test
    void survivor_withAnotherRootThanItSigned_isFound() {
        survivors(list -> list.get(2).setRoot(History.buffer(History.random(32))));
        history.block(false);
        history.round();
        assertFindsOne(history.audit(), Rule.MANIFEST, Kind.SURVIVORS);
    }

    @Test
    void survivor_withNoManifestOrSomebodyElses_isFound() {
        survivors(list -> {
            list.get(1).setManifest(History.buffer(new byte[0]));
            list.get(2).setManifest(list.get(3).getManifest());
        });
        history.block(false);
        history.round();
        AuditReport report = history.audit();
        assertFinds(report, Rule.MANIFEST);
        assertThat(report.findings()).hasSize(2);
    }

    @Test
    void survivors_listedASecondTime_areFound() {
        history.block(false);
        history.open();
        List<String> first = history.close();
        history.close("bank-c");
        history.result(first);
        assertFindsOne(history.audit(), Rule.ORDER, Kind.SURVIVORS);
    }

    @Test
    void result_withOtherSurvivors_isFound() {
        result(1, result -> {
            result.getSurvivors().remove("bank-c");
            result.getDropouts().add("bank-c");
        });
        AuditReport report = oneRound().audit();
        assertFinds(report, Rule.RESULT);
        assertThat(report.findings()).hasSize(2);
    }

    @Test
    void result_thatHidesADropout_isFound() {
        result(1, result -> result.getDropouts().clear());
        assertFindsOne(oneRound().audit(), Rule.RESULT, Kind.ROUND_RESULT);
    }

    @Test
    void result_withAModelOfAnotherVersion_isFound() {
        result(1, result -> result.setModelVersion(7));
        assertFindsOne(oneRound().audit(), Rule.MODEL, Kind.ROUND_RESULT);
    }

    @Test
    void result_aSecondOneForARound_isFound() {
        history.block(false);
        history.round();
        history.result(history.open.getAnnounced());
        assertFindsOne(history.audit(), Rule.ORDER, Kind.ROUND_RESULT);
    }

    @Test
    void result_withoutSurvivors_isFound() {
        history.omit(Kind.SURVIVORS, 1);
        history.block(false);
        history.round();
        Finding finding = assertFindsOne(history.audit(), Rule.ORDER, Kind.ROUND_RESULT);
        assertThat(finding.found()).isEqualTo("ROUND_RESULT in stage OPEN");
    }

    @Test
    void end_whileARoundRuns_isFound() {
        history.block(false);
        history.open();
        history.end();
        assertFindsOne(history.audit(), Rule.ORDER, Kind.TASK_END);
    }
}
