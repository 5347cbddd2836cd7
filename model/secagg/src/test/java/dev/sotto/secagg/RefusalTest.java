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
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
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
        return SiteUnmask.answer(
                guard, cohort.secrets(1), cohort.roster, asked, RoundGroups.single(announced), survivors);
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

    @Test
    void answer_aGroupBelowTheMinimum_refused() throws Exception {
        TestCohort eight = TestCohort.of(8, 1, 16);
        RoundGroups groups = RoundGroups.draw(eight.sealHash, eight.round(0), eight.everyone(), 2);
        List<SiteId> survivors = new ArrayList<>(eight.everyone());
        survivors.removeAll(List.copyOf(groups.members(1)).subList(0, 2));
        SiteId self = groups.members(0).first();
        UnmaskGuard guard = new UnmaskGuard(MIN_SURVIVORS, true, null);

        // Six of eight survive, but only two of the four of the second group.
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> SiteUnmask.answer(
                        guard, eight.secrets.get(self), eight.roster, eight.round(0), groups, survivors))
                .withMessageContaining("2 survivors in group 1 are fewer than the 3 agreed to")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.SURVIVORS_BELOW_MINIMUM));
        survivors.add(groups.members(1).first());
        assertThat(SiteUnmask.answer(guard, eight.secrets.get(self), eight.roster, eight.round(0), groups, survivors)
                        .shares()
                        .shares())
                .hasSize(8);
    }

    @Test
    void answer_otherGroupsThanAnsweredFor_refused() throws Exception {
        TestCohort eight = TestCohort.of(8, 1, 16);
        List<SiteId> all = List.copyOf(eight.everyone());
        RoundGroups two = RoundGroups.draw(eight.sealHash, eight.round(0), eight.everyone(), 2);
        SurvivorSet answered = new SurvivorSet(eight.round(0), two, eight.everyone());
        UnmaskGuard guard = new UnmaskGuard(MIN_SURVIVORS, true, answered);

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> SiteUnmask.answer(
                        guard,
                        eight.secrets(1),
                        eight.roster,
                        eight.round(0),
                        RoundGroups.single(eight.everyone()),
                        all))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.SECOND_SURVIVOR_SET));
    }

    @Test
    void answer_survivorsBelowTheThreshold_refused() throws Exception {
        TestCohort eight = TestCohort.of(8, 1, 17);
        UnmaskGuard guard = new UnmaskGuard(MIN_SURVIVORS, true, null);

        // Four of eight are enough for the minimum but not for the threshold of five.
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> SiteUnmask.answer(
                        guard,
                        eight.secrets(1),
                        eight.roster,
                        eight.round(0),
                        RoundGroups.single(eight.everyone()),
                        List.copyOf(sites(0, 1, 2, 3))))
                .withMessageContaining("4 survivors among the holders")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.SURVIVORS_BELOW_THRESHOLD));
    }

    @Test
    void sparseGraph_mostNeighboursCalledDead_refused() throws Exception {
        TestCohort twelve = TestCohort.harary(12, 4, 3, 18);
        SiteId self = site(1);
        List<SiteId> dead = List.copyOf(twelve.terms.graph().neighbours(self)).subList(0, 2);
        List<SiteId> survivors = new ArrayList<>(twelve.everyone());
        survivors.removeAll(dead);
        UnmaskGuard guard = new UnmaskGuard(MIN_SURVIVORS, true, null);

        // Ten of twelve survive, yet this site would be all but cut off.
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> SiteUnmask.answer(
                        guard,
                        twelve.secrets.get(self),
                        twelve.roster,
                        twelve.round(0),
                        RoundGroups.single(twelve.everyone()),
                        survivors))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.SURVIVORS_BELOW_THRESHOLD));
    }

    @Test
    void sparseGraph_tooFewNeighboursAnnounced_refused() {
        TestCohort twelve = TestCohort.harary(12, 4, 3, 18);
        SortedSet<SiteId> announced = twelve.everyone();
        announced.removeAll(
                List.copyOf(twelve.terms.graph().neighbours(site(1))).subList(0, 2));

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> twelve.masked(site(1), twelve.round(0), MODEL, announced, new int[4]))
                .withMessageContaining("2 of the holders of the shares of site-001 are announced but it takes 3")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.ANNOUNCED_BELOW_THRESHOLD));
    }

    @Test
    void sparseGraph_groups_refused() {
        TestCohort twelve = TestCohort.harary(12, 4, 3, 18);
        RoundGroups groups = RoundGroups.draw(twelve.sealHash, twelve.round(0), twelve.everyone(), 2);

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> twelve.masked(site(1), twelve.round(0), MODEL, groups, new int[4]))
                .withMessageContaining("groups need the complete graph")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.GROUPS_ON_SPARSE_GRAPH));
    }

    @Test
    void sparseGraph_bundleForOtherHolders_refused() {
        TestCohort twelve = TestCohort.harary(12, 4, 3, 18);
        SiteId neighbour = twelve.terms.graph().neighbours(site(1)).first();
        Bundle bundle = twelve.roster.get(neighbour);
        RoundKeys keys = bundle.rounds().get(0);
        SiteId stranger = twelve.everyone().stream()
                .filter(other -> !twelve.terms.graph().holds(other, neighbour))
                .findFirst()
                .orElseThrow();
        SortedMap<SiteId, EncryptedShares> shares = new TreeMap<>();
        keys.shares().forEach(share -> shares.put(share.destination(), share));
        EncryptedShares moved = shares.remove(shares.lastKey());
        shares.put(
                stranger,
                new EncryptedShares(stranger, moved.box(), moved.selfMaskCommitment(), moved.maskKeyCommitment()));
        twelve.roster.put(
                neighbour,
                TestCohort.with(
                        bundle,
                        new RoundKeys(
                                keys.round(),
                                keys.maskKey(),
                                keys.selfMaskCommitment(),
                                List.copyOf(shares.values()))));

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> twelve.masked(site(1), twelve.round(0), MODEL, twelve.everyone(), new int[4]))
                .withMessageContaining("is " + stranger + " but must be one of its holders")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.BUNDLE_UNFIT));
    }

    /** A site on a sparse graph needs the bundles of its neighbours and its own, and no others. */
    @Test
    void sparseGraph_neighboursBundlesAlone_areEnough() throws Exception {
        TestCohort twelve = TestCohort.harary(12, 4, 3, 18);
        int[] before = twelve.masked(site(1), twelve.round(0), MODEL, twelve.everyone(), new int[64]);
        SortedSet<SiteId> needed = twelve.terms.graph().neighbours(site(1));
        needed.add(site(1));
        twelve.roster.keySet().retainAll(needed);

        assertThat(twelve.masked(site(1), twelve.round(0), MODEL, twelve.everyone(), new int[64]))
                .isEqualTo(before);
        twelve.roster.remove(needed.first());
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> twelve.masked(site(1), twelve.round(0), MODEL, twelve.everyone(), new int[4]));
    }

    private void maskingRefused(Reason reason, SortedSet<SiteId> announced) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> cohort.masked(site(1), round, MODEL, announced, new int[4]))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
