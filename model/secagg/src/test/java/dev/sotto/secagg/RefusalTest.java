package dev.sotto.secagg;

import static dev.sotto.secagg.TestCohort.MODEL;
import static dev.sotto.secagg.TestCohort.site;
import static dev.sotto.secagg.TestCohort.sites;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sotto.secagg.RefusedException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a site refuses, each with an attempt; the site is always the one with index 1 of four. */
class RefusalTest {
    private static final int MIN_SURVIVORS = 3;

    private final TestCohort cohort = TestCohort.of(4, 2, 14);
    private final RoundId round = cohort.round(0);
    private final SortedSet<SiteId> everyone = cohort.everyone();

    private UnmaskAnswer ask(
            boolean uploaded, @Nullable SurvivorSet answered, RoundId asked, SortedSet<SiteId> announced, int... alive)
            throws RefusedException {
        List<SiteId> survivors = new ArrayList<>();
        for (int index : alive) {
            survivors.add(site(index));
        }
        UnmaskGuard guard = new UnmaskGuard(MIN_SURVIVORS, uploaded, answered);
        return SiteUnmask.answer(guard, cohort.secrets(1), cohort.roster, asked, announced, survivors);
    }

    private void refused(
            Reason reason,
            boolean uploaded,
            @Nullable SurvivorSet answered,
            RoundId asked,
            SortedSet<SiteId> announced,
            int... alive) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> ask(uploaded, answered, asked, announced, alive))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void answer_honestRequest_oneShareOfEveryAnnouncedSite() throws Exception {
        UnmaskAnswer answer = ask(true, null, round, everyone, 0, 1, 3);

        assertThat(answer.unopened()).isEmpty();
        assertThat(answer.shares().shares()).extracting(OpenedShare::of).containsExactlyElementsOf(everyone);
        assertThat(answer.shares().shares())
                .extracting(OpenedShare::kind)
                .containsExactly(ShareKind.SELF_MASK, ShareKind.SELF_MASK, ShareKind.MASK_KEY, ShareKind.SELF_MASK);
        assertThat(answer.survivors().dropouts()).containsExactly(site(2));
    }

    @Test
    void answer_askedAgainForTheSame_isRepeated() throws Exception {
        UnmaskAnswer first = ask(true, null, round, everyone, 0, 1, 3);

        assertThat(ask(true, first.survivors(), round, everyone, 3, 1, 0)).isEqualTo(first);
    }

    @Test
    void answer_dropoutThatIsOnline_helps() throws Exception {
        assertThat(ask(false, null, round, everyone, 0, 2, 3).shares().shares()).hasSize(4);
    }

    @Test
    void answer_tooFewSurvivors_refused() {
        refused(Reason.SURVIVORS_BELOW_MINIMUM, true, null, round, everyone, 0, 1);
        refused(Reason.SURVIVORS_BELOW_MINIMUM, false, null, round, everyone);
        assertThatIllegalArgumentException().isThrownBy(() -> new UnmaskGuard(1, true, null));
    }

    @Test
    void answer_survivorNotAnnounced_refused() {
        refused(Reason.SURVIVOR_NOT_ANNOUNCED, true, null, round, sites(0, 1, 2), 0, 1, 3);
        refused(Reason.SURVIVOR_NOT_ANNOUNCED, true, null, round, everyone, 0, 1, 2, 9);
    }

    @Test
    void answer_survivorTwice_refused() {
        refused(Reason.SURVIVOR_LISTED_TWICE, true, null, round, everyone, 0, 1, 1);
    }

    @Test
    void answer_selfDeadThoughUploaded_refused() {
        refused(Reason.SELF_DEAD_THOUGH_UPLOADED, true, null, round, everyone, 0, 2, 3);
    }

    @Test
    void answer_selfAliveThoughSilent_refused() {
        refused(Reason.SELF_ALIVE_THOUGH_SILENT, false, null, round, everyone, 0, 1, 3);
    }

    @Test
    void answer_secondSurvivorSet_refused() throws Exception {
        SurvivorSet first = ask(true, null, round, everyone, 0, 1, 3).survivors();

        refused(Reason.SECOND_SURVIVOR_SET, true, first, round, everyone, 0, 1, 2);
        refused(Reason.SECOND_SURVIVOR_SET, true, first, round, sites(0, 1, 3), 0, 1, 3);
    }

    @Test
    void answer_roundErased_refused() {
        cohort.secrets(1).erase(round.number());

        refused(Reason.ROUND_ERASED, true, null, round, everyone, 0, 1, 3);
    }

    @Test
    void answer_roundOfAnotherBlock_refused() {
        refused(Reason.ROUND_UNKNOWN, true, null, new RoundId(round.task(), 99), everyone, 0, 1, 3);
        refused(Reason.ROUND_UNKNOWN, true, null, new RoundId(new TaskId("other"), 9), everyone, 0, 1, 3);
    }

    @Test
    void round_selfNotAnnounced_refused() {
        refused(Reason.SELF_NOT_ANNOUNCED, true, null, round, sites(0, 2, 3), 0, 2, 3);
        maskingRefused(Reason.SELF_NOT_ANNOUNCED, sites(0, 2, 3));
    }

    @Test
    void round_fewerAnnouncedThanThreshold_refused() {
        refused(Reason.ANNOUNCED_BELOW_THRESHOLD, true, null, round, sites(0, 1), 0, 1);
        maskingRefused(Reason.ANNOUNCED_BELOW_THRESHOLD, sites(0, 1));
    }

    @Test
    void round_announcedWithoutBundle_refused() {
        cohort.roster.remove(site(3));

        refused(Reason.ANNOUNCED_WITHOUT_BUNDLE, true, null, round, everyone, 0, 1, 2);
        maskingRefused(Reason.ANNOUNCED_WITHOUT_BUNDLE, everyone);
    }

    @Test
    void round_bundleUnderAnotherName_refused() {
        cohort.roster.put(site(3), cohort.roster.get(site(2)));

        maskingRefused(Reason.ANNOUNCED_WITHOUT_BUNDLE, everyone);
    }

    @Test
    void round_unfitBundle_refused() {
        Bundle bundle = cohort.roster.get(site(3));
        cohort.roster.put(
                site(3), new Bundle(bundle.block(), site(3), bundle.rounds().subList(0, 1)));

        maskingRefused(Reason.BUNDLE_UNFIT, everyone);
    }

    @Test
    void round_ownBundleReplaced_refused() {
        Bundle own = cohort.roster.get(site(1));
        RoundKeys keys = own.rounds().get(0);
        AgreementPublicKey otherKey = cohort.roster.get(site(2)).rounds().get(0).maskKey();
        cohort.roster.put(
                site(1),
                TestCohort.with(own, new RoundKeys(keys.round(), otherKey, keys.selfMaskCommitment(), keys.shares())));

        maskingRefused(Reason.OWN_BUNDLE_REPLACED, everyone);
    }

    private void maskingRefused(Reason reason, SortedSet<SiteId> announced) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> cohort.masked(site(1), round, MODEL, announced, new int[4]))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
