package dev.sotto.secagg;

import static dev.sotto.secagg.TestCohort.MODEL;
import static dev.sotto.secagg.TestCohort.site;
import static dev.sotto.secagg.TestCohort.sites;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sotto.secagg.Acceptance.BadShare;
import dev.sotto.secagg.Acceptance.Fault;
import dev.sotto.secagg.Acceptance.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The server's side, with five sites of which the last dropped out, and a threshold of three. */
class UnmaskingTest {
    private final TestCohort cohort = TestCohort.of(5, 2, 15);
    private final SurvivorSet survivors = TestCohort.set(cohort.round(0), cohort.everyone(), sites(0, 1, 2, 3));
    private final Unmasking unmasking = cohort.unmasking(survivors);

    private UnmaskShares honest(int index) throws RefusedException {
        return cohort.answer(site(index), survivors).shares();
    }

    private static UnmaskShares with(UnmaskShares answer, int index, OpenedShare replacement) {
        List<OpenedShare> shares = new ArrayList<>(answer.shares());
        shares.set(index, replacement);
        return new UnmaskShares(answer.round(), answer.from(), shares);
    }

    private void accepted(UnmaskShares answer, BadShare... bad) {
        assertThat(unmasking.accept(answer.from(), answer)).isEqualTo(new Acceptance.Accepted(List.of(bad)));
    }

    private void rejected(Reason reason, SiteId from, UnmaskShares answer) {
        assertThat(unmasking.accept(from, answer))
                .isInstanceOfSatisfying(Acceptance.Rejected.class, rejected -> assertThat(rejected.reason())
                        .isEqualTo(reason));
    }

    @Test
    void seeds_anyAnswersInAnyOrder_areTheSame() throws Exception {
        for (int index : new int[] {0, 1, 2}) {
            accepted(honest(index));
        }
        Unmasking other = cohort.unmasking(survivors);
        for (int index : new int[] {4, 3, 1, 2}) {
            other.accept(site(index), honest(index));
        }

        List<SignedSeed> seeds = unmasking.seeds().get(0);
        // One self-mask for each of four survivors and their four pairwise masks with the dropout.
        assertThat(seeds).hasSize(8).isEqualTo(other.seeds().get(0));
        assertThat(seeds.stream().filter(seed -> !seed.subtract())).isEmpty();
    }

    @Test
    void seeds_dropoutWithTheLowestId_areAdded() throws Exception {
        SurvivorSet firstDropped = TestCohort.set(cohort.round(0), cohort.everyone(), sites(1, 2, 3, 4));
        Unmasking other = cohort.unmasking(firstDropped);
        for (int index : new int[] {1, 2, 3}) {
            other.accept(site(index), cohort.answer(site(index), firstDropped).shares());
        }

        assertThat(other.seeds().get(0))
                .extracting(SignedSeed::subtract)
                .containsExactly(false, false, false, false, true, true, true, true);
    }

    @Test
    void seeds_belowThreshold_notReady() throws Exception {
        accepted(honest(0));
        accepted(honest(1));

        assertThat(unmasking.ready()).isFalse();
        assertThatIllegalStateException().isThrownBy(unmasking::seeds).withMessageContaining("3 good shares");
        accepted(honest(2));
        assertThat(unmasking.ready()).isTrue();
    }

    @Test
    void accept_badShare_namesTheSenderAndKeepsTheRest() throws Exception {
        UnmaskShares answer = honest(0);
        OpenedShare share = answer.shares().get(1);
        byte[] forged = share.share();
        forged[5] ^= 1;

        accepted(
                with(answer, 1, new OpenedShare(share.of(), share.kind(), forged, share.salt())),
                new BadShare(site(1), Fault.COMMITMENT_MISMATCH));
        accepted(honest(1));
        accepted(honest(2));
        assertThat(unmasking.ready()).isFalse();
        accepted(honest(3));
        assertThat(unmasking.seeds().get(0)).hasSize(8);
    }

    @Test
    void accept_shareOfAnotherPlace_isBad() throws Exception {
        OpenedShare stolen = honest(1).shares().get(0);

        accepted(with(honest(0), 0, stolen), new BadShare(site(0), Fault.COMMITMENT_MISMATCH));
    }

    @Test
    void accept_shareForAnotherStory_isBad() throws Exception {
        SurvivorSet otherStory = TestCohort.set(cohort.round(0), cohort.everyone(), sites(0, 1, 2, 4));
        UnmaskShares answer = cohort.answer(site(0), otherStory).shares();

        accepted(answer, new BadShare(site(3), Fault.WRONG_KIND), new BadShare(site(4), Fault.WRONG_KIND));
    }

    @Test
    void accept_shareTwiceOrOfAStranger_isBad() throws Exception {
        UnmaskShares answer = honest(0);
        OpenedShare first = answer.shares().get(0);
        OpenedShare stranger = new OpenedShare(new SiteId("stranger"), first.kind(), first.share(), first.salt());

        accepted(
                with(with(answer, 1, first), 2, stranger),
                new BadShare(site(0), Fault.REPEATED),
                new BadShare(new SiteId("stranger"), Fault.NOT_ANNOUNCED));
    }

    @Test
    void accept_again_isDuplicateOrConflict() throws Exception {
        UnmaskShares answer = honest(0);
        accepted(answer);

        assertThat(unmasking.accept(site(0), answer)).isEqualTo(new Acceptance.Duplicate());
        rejected(
                Reason.CONFLICT,
                site(0),
                new UnmaskShares(answer.round(), answer.from(), answer.shares().subList(0, 2)));
        assertThat(unmasking.accepted()).containsExactly(answer);
    }

    @Test
    void accept_wrongRoundSenderOrStranger_isRejected() throws Exception {
        UnmaskShares answer = honest(0);

        rejected(Reason.WRONG_ROUND, site(0), new UnmaskShares(cohort.round(1), site(0), answer.shares()));
        rejected(Reason.WRONG_SENDER, site(1), answer);
        SiteId stranger = new SiteId("stranger");
        rejected(Reason.NOT_ANNOUNCED, stranger, new UnmaskShares(answer.round(), stranger, answer.shares()));
        assertThat(unmasking.accepted()).isEmpty();
    }

    @Test
    void unmasking_resumedFromItsState_goesOn() throws Exception {
        accepted(honest(2));
        accepted(honest(0));
        Unmasking resumed =
                new Unmasking(cohort.terms, cohort.roster, cohort.sealHash, MODEL, survivors, unmasking.accepted());

        resumed.accept(site(3), honest(3));
        accepted(honest(1));
        assertThat(resumed.seeds().get(0)).isEqualTo(unmasking.seeds().get(0));
    }

    @Test
    void seeds_dealerCommittedToAnotherSelfMask_namesTheDealer() throws Exception {
        RoundKeys keys = cohort.roster.get(site(2)).rounds().get(0);
        badDealing(2, new RoundKeys(keys.round(), keys.maskKey(), new byte[32], keys.shares()));
    }

    @Test
    void seeds_dealerPublishedAnotherMaskKey_namesTheDealer() throws Exception {
        RoundKeys keys = cohort.roster.get(site(4)).rounds().get(0);
        AgreementPublicKey other = cohort.roster.get(site(0)).rounds().get(0).maskKey();
        badDealing(4, new RoundKeys(keys.round(), other, keys.selfMaskCommitment(), keys.shares()));
    }

    private void badDealing(int dealer, RoundKeys replacement) throws RefusedException {
        List<UnmaskShares> answers = List.of(honest(0), honest(1), honest(3));
        cohort.roster.compute(site(dealer), (site, bundle) -> TestCohort.with(bundle, replacement));
        Unmasking deceived = cohort.unmasking(survivors);
        answers.forEach(answer -> deceived.accept(answer.from(), answer));

        assertThat(deceived.ready()).isTrue();
        assertThatExceptionOfType(BadDealingException.class)
                .isThrownBy(deceived::seeds)
                .satisfies(e -> assertThat(e.dealer()).isEqualTo(site(dealer)));
    }

    @Test
    void answer_forgedBox_leavesThatDealerOutAndNamesIt() throws Exception {
        Bundle bundle = cohort.roster.get(site(3));
        RoundKeys keys = bundle.rounds().get(0);
        List<EncryptedShares> shares = new ArrayList<>(keys.shares());
        EncryptedShares own = shares.get(0);
        shares.set(
                0,
                new EncryptedShares(
                        own.destination(), new byte[124], own.selfMaskCommitment(), own.maskKeyCommitment()));
        RoundKeys forged = new RoundKeys(keys.round(), keys.maskKey(), keys.selfMaskCommitment(), shares);
        cohort.roster.put(site(3), TestCohort.with(bundle, forged));

        UnmaskAnswer answer = cohort.answer(site(0), survivors);

        assertThat(answer.unopened()).containsExactly(site(3));
        assertThat(answer.shares().shares()).hasSize(4);
        accepted(answer.shares());
        accepted(honest(1));
        accepted(honest(2));
        assertThat(unmasking.ready()).isFalse();
        accepted(honest(4));
        assertThat(unmasking.ready()).isTrue();
    }

    @Test
    void answer_boxAgainstItsCommitment_leavesThatDealerOut() throws Exception {
        Bundle bundle = cohort.roster.get(site(3));
        RoundKeys keys = bundle.rounds().get(0);
        List<EncryptedShares> shares = new ArrayList<>(keys.shares());
        EncryptedShares own = shares.get(0);
        shares.set(0, new EncryptedShares(own.destination(), own.box(), new byte[32], own.maskKeyCommitment()));
        cohort.roster.put(
                site(3),
                TestCohort.with(
                        bundle, new RoundKeys(keys.round(), keys.maskKey(), keys.selfMaskCommitment(), shares)));

        assertThat(cohort.answer(site(0), survivors).unopened()).containsExactly(site(3));
    }

    @Test
    void accept_shareFromOneThatHoldsNone_isBad() throws Exception {
        TestCohort sparse = TestCohort.harary(9, 4, 3, 19);
        SurvivorSet all = TestCohort.set(sparse.round(0), sparse.everyone(), sparse.everyone());
        SiteId dealer = site(0);
        SiteId holder = sparse.terms.graph().neighbours(dealer).first();
        SiteId stranger = sparse.everyone().stream()
                .filter(other -> !other.equals(dealer) && !sparse.terms.graph().holds(other, dealer))
                .findFirst()
                .orElseThrow();
        OpenedShare stolen = sparse.answer(holder, all).shares().shares().stream()
                .filter(share -> share.of().equals(dealer))
                .findFirst()
                .orElseThrow();
        UnmaskShares answer = new UnmaskShares(sparse.round(0), stranger, List.of(stolen));

        assertThat(sparse.unmasking(all).accept(stranger, answer))
                .isEqualTo(new Acceptance.Accepted(List.of(new BadShare(dealer, Fault.NOT_A_HOLDER))));
    }

    @Test
    void unmasking_groupsOnASparseGraph_refused() {
        TestCohort sparse = TestCohort.harary(9, 4, 3, 19);
        RoundGroups groups = RoundGroups.draw(sparse.sealHash, sparse.round(0), sparse.everyone(), 2);
        SurvivorSet all = new SurvivorSet(sparse.round(0), groups, sparse.everyone());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> sparse.unmasking(all))
                .withMessageContaining("number of groups is 2 but must be 1 on a Harary graph of degree 4 of 9 sites");
    }

    @Test
    void unmasking_announcedWithoutBundleOrForeignRound_refused() {
        cohort.roster.remove(site(4));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cohort.unmasking(survivors))
                .withMessageContaining("site-004");
        SurvivorSet foreign = TestCohort.set(new RoundId(new TaskId("demo"), 99), sites(0, 1, 2), sites(0, 1, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> cohort.unmasking(foreign));
        assertThatIllegalArgumentException().isThrownBy(() -> TestCohort.set(cohort.round(0), sites(0, 1), sites(2)));
    }
}
