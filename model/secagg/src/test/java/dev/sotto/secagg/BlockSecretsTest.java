package dev.sotto.secagg;

import static dev.sotto.secagg.TestCohort.MODEL;
import static dev.sotto.secagg.TestCohort.site;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
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
    void serialize_sparseGraph_readsBackAndDealsTheSame() {
        TestCohort sparse = TestCohort.harary(10, 4, 3, 12);
        BlockSecrets read = BlockSecrets.deserialize(sparse.secrets(3).serialize());

        assertThat(read.terms()).isEqualTo(sparse.terms);
        assertThat(read.terms().graph().beacon()).isEqualTo(sparse.terms.graph().beacon());
        assertThat(read.bundle()).isEqualTo(sparse.roster.get(site(3)));
        assertThat(read.bundle().rounds().get(0).shares()).hasSize(4);
    }

    @Test
    void deserialize_versionOne_refused() {
        byte[] bytes = secrets.serialize();
        assertThat(bytes[0]).isEqualTo((byte) 2);
        bytes[0] = 1;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> BlockSecrets.deserialize(bytes))
                .withMessageContaining("version 2");
    }

    /** Not only refused but gone: the arrays themselves are zero. */
    @Test
    void erase_round_leavesNothingInMemory() throws Exception {
        RoundSecrets doomed = secrets.of(cohort.round(1));
        List<byte[]> arrays = List.of(
                array(doomed.maskKey(), "privateKey"),
                array(doomed.selfMask(), "bytes"),
                array(doomed.dealing(), "bytes"));
        byte[] other = array(secrets.of(cohort.round(2)).selfMask(), "bytes");
        assertThat(arrays).noneMatch(BlockSecretsTest::zero);

        secrets.erase(cohort.round(1).number());

        assertThat(arrays).allMatch(BlockSecretsTest::zero);
        assertThat(other).isNotEqualTo(new byte[32]);
    }

    @Test
    void destroy_block_leavesNothingInMemory() throws Exception {
        List<byte[]> arrays = new ArrayList<>(List.of(array(secrets.encryption(), "privateKey")));
        for (RoundSecrets round : secrets.rounds().values()) {
            arrays.add(array(round.maskKey(), "privateKey"));
            arrays.add(array(round.selfMask(), "bytes"));
            arrays.add(array(round.dealing(), "bytes"));
        }
        assertThat(arrays).hasSize(10).noneMatch(BlockSecretsTest::zero);

        secrets.destroy();

        assertThat(arrays).allMatch(BlockSecretsTest::zero);
    }

    @Test
    void masker_closed_leavesNothingInMemory() throws Exception {
        SiteMasker masker = SiteMasker.of(
                secrets, cohort.roster, cohort.sealHash, cohort.round(0), MODEL, RoundGroups.single(cohort.everyone()));
        List<byte[]> arrays = new ArrayList<>();
        for (SignedSeed seed : masker.seeds()) {
            arrays.add(array(seed.seed(), "bytes"));
        }
        assertThat(arrays).hasSize(4).noneMatch(BlockSecretsTest::zero);

        masker.close();

        assertThat(arrays).allMatch(BlockSecretsTest::zero);
        // The round's own seed is another array, which lives on until the round is erased.
        assertThat(secrets.of(cohort.round(0)).selfMask().isDestroyed()).isFalse();
    }

    private static byte[] array(Object owner, String field) throws ReflectiveOperationException {
        Field array = owner.getClass().getDeclaredField(field);
        array.setAccessible(true);
        return (byte[]) array.get(owner);
    }

    private static boolean zero(byte[] array) {
        return Arrays.equals(array, new byte[array.length]);
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
