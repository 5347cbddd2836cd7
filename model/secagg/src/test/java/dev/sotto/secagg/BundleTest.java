package dev.sotto.secagg;

import static dev.sotto.secagg.TestCohort.site;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class BundleTest {
    private final TestCohort cohort = TestCohort.of(3, 2, 13);
    private final Bundle bundle = cohort.roster.get(site(0));

    @Test
    void requireFits_asDealt_passes() {
        assertThatCode(() -> bundle.requireFits(cohort.terms)).doesNotThrowAnyException();
    }

    @Test
    void requireFits_anyOtherShape_refused() {
        RoundKeys first = bundle.rounds().get(0);
        List<Bundle> unfit = List.of(
                new Bundle(new BlockId(new TaskId("demo"), 3), bundle.site(), bundle.rounds()),
                new Bundle(bundle.block(), new SiteId("stranger"), bundle.rounds()),
                new Bundle(bundle.block(), bundle.site(), bundle.rounds().subList(0, 1)),
                new Bundle(bundle.block(), bundle.site(), List.of(first, first)),
                TestCohort.with(
                        bundle,
                        new RoundKeys(
                                first.round(),
                                first.maskKey(),
                                first.selfMaskCommitment(),
                                first.shares().subList(0, 2))));

        assertThat(unfit).allSatisfy(other -> assertThatIllegalArgumentException()
                .isThrownBy(() -> other.requireFits(cohort.terms)));
    }

    @Test
    void roundKeys_destinationsUnsortedOrRepeated_refused() {
        RoundKeys keys = bundle.rounds().get(0);
        EncryptedShares one = keys.shares().get(0);
        EncryptedShares two = keys.shares().get(1);

        for (List<EncryptedShares> shares : List.of(List.of(two, one), List.of(one, one))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new RoundKeys(9, keys.maskKey(), keys.selfMaskCommitment(), shares));
        }
    }

    @Test
    void records_bytesChangedFromOutside_keepTheirOwn() {
        EncryptedShares shares = bundle.rounds().get(0).shares().get(0);
        byte[] box = shares.box();
        box[0]++;

        assertThat(shares.box()).isNotEqualTo(box);
        assertThat(new EncryptedShares(
                        shares.destination(), box, shares.selfMaskCommitment(), shares.maskKeyCommitment()))
                .isNotEqualTo(shares);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EncryptedShares(site(0), new byte[5], new byte[32], new byte[32]));
    }

    @Test
    void box_openedByAnyoneElseOrForAnotherRound_staysShut() {
        byte[] root = cohort.terms.rosterRoot();
        byte[] box = bundle.rounds().get(0).shares().get(1).box();
        AgreementKeyPair own = cohort.secrets(1).encryption();
        AgreementKeyPair other = cohort.secrets(2).encryption();

        assertThat(open(root, own, site(0), site(1), 0, box)).isTrue();
        assertThat(open(root, own, site(0), site(1), 1, box)).isFalse();
        assertThat(open(root, own, site(2), site(1), 0, box)).isFalse();
        assertThat(open(root, own, site(0), site(2), 0, box)).isFalse();
        assertThat(open(root, other, site(0), site(1), 0, box)).isFalse();
        assertThat(open(new byte[32], own, site(0), site(1), 0, box)).isFalse();
        box[50] ^= 1;
        assertThat(open(root, own, site(0), site(1), 0, box)).isFalse();
    }

    private boolean open(byte[] root, AgreementKeyPair own, SiteId source, SiteId self, int round, byte[] bytes) {
        try (ShareBox box = ShareBox.incoming(cohort.terms, root, own, source, self)) {
            return box.open(cohort.round(round), bytes).isPresent();
        }
    }
}
