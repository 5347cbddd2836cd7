package dev.sotto.secagg;

import static dev.sotto.secagg.TestCohort.MODEL;
import static dev.sotto.secagg.TestCohort.site;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockSecretsTest {
    private final TestCohort cohort = TestCohort.of(4, 3, 11);
    private final BlockSecrets secrets = cohort.secrets(1);

    @Test
    void bundle_dealtAgain_isTheSame() {
        assertThat(secrets.bundle()).isEqualTo(cohort.roster.get(site(1)));
        assertThat(BlockSecrets.deserialize(secrets.serialize()).bundle()).isEqualTo(secrets.bundle());
    }

    @Test
    void bundle_ofTwoSites_sharesNothing() {
        assertThat(cohort.secrets(0).bundle().rounds().get(0).maskKey())
                .isNotEqualTo(secrets.bundle().rounds().get(0).maskKey())
                .isNotEqualTo(cohort.secrets(0).bundle().rounds().get(1).maskKey());
    }

    @Test
    void serialize_afterErase_readsBackWithoutTheRound() throws Exception {
        secrets.erase(cohort.round(0).number());
        BlockSecrets read = BlockSecrets.deserialize(secrets.serialize());

        assertThat(read.holds(cohort.round(0))).isFalse();
        assertThat(read.holds(cohort.round(1))).isTrue();
        assertThat(read.terms()).isEqualTo(cohort.terms);
        assertThat(read.self()).isEqualTo(site(1));
        int[] before = cohort.masked(site(1), cohort.round(1), MODEL, cohort.everyone(), new int[64]);
        cohort.secrets.put(site(1), read);
        assertThat(cohort.masked(site(1), cohort.round(1), MODEL, cohort.everyone(), new int[64]))
                .isEqualTo(before);
    }

    @Test
    void erase_round_zeroesItsSecretsAndRefusesItsUse() {
        RoundId round = cohort.round(0);
        RoundSecrets doomed = secrets.of(round);
        byte[] before = secrets.serialize();
        byte[] maskKey = doomed.maskKey().privateBytes();

        secrets.erase(round.number());

        assertThat(doomed.maskKey().isDestroyed()).isTrue();
        assertThat(doomed.selfMask().isDestroyed()).isTrue();
        assertThat(doomed.dealing().isDestroyed()).isTrue();
        assertThat(HexFormat.of().formatHex(before)).contains(HexFormat.of().formatHex(maskKey));
        assertThat(HexFormat.of().formatHex(secrets.serialize()))
                .doesNotContain(HexFormat.of().formatHex(maskKey));
        assertThatIllegalStateException().isThrownBy(() -> secrets.of(round)).withMessageContaining("erased");
        assertThatIllegalStateException().isThrownBy(secrets::bundle).withMessageContaining("only 2 of its 3");
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> cohort.masked(site(1), round, MODEL, cohort.everyone(), new int[4]))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(RefusedException.Reason.ROUND_ERASED));
    }

    @Test
    void erase_twiceOrUnknown_doesNothing() {
        secrets.erase(cohort.round(0).number());
        secrets.erase(cohort.round(0).number());
        secrets.erase(999);

        assertThat(secrets.holds(cohort.round(1))).isTrue();
    }

    @Test
    void destroy_block_dropsEverything() {
        AgreementKeyPair encryption = secrets.encryption();
        secrets.destroy();

        assertThat(encryption.isDestroyed()).isTrue();
        assertThat(secrets.holds(cohort.round(2))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 40, 200, -1, -40})
    void deserialize_oneByteDamaged_refused(int at) {
        byte[] bytes = secrets.serialize();
        bytes[at < 0 ? bytes.length + at : at] ^= 1;

        assertThatIllegalArgumentException().isThrownBy(() -> BlockSecrets.deserialize(bytes));
    }

    @Test
    void deserialize_torn_refused() {
        byte[] bytes = secrets.serialize();

        for (int length : new int[] {0, 1, 32, 33, bytes.length / 2, bytes.length - 1}) {
            byte[] torn = Arrays.copyOf(bytes, length);
            assertThatIllegalArgumentException().isThrownBy(() -> BlockSecrets.deserialize(torn));
        }
    }

    @Test
    void create_wrongEncryptionKeyOrStranger_refused() {
        SeededRandom random = new SeededRandom(5);
        AgreementKeyPair other = AgreementKeyPair.generate(random);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> BlockSecrets.create(cohort.terms, site(1), other, random))
                .withMessageContaining("encryption key");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BlockSecrets.create(cohort.terms, new SiteId("stranger"), other, random))
                .withMessageContaining("not in the cohort");
    }

    @Test
    void print_secrets_showsNamesAndRoundsAlone() {
        assertThat(secrets).hasToString("secrets of site-001 for block demo/2, rounds [9, 10, 11]");
    }
}
