package dev.sotto.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
    private static final byte[] MESSAGE = {1, 2, 3};

    private final SeededRandom random = new SeededRandom(1);

    @Test
    void signature_sameDomainAndMessage_verifies() {
        IdentityKeyPair pair = IdentityKeyPair.generate(random);
        byte[] signature = pair.sign("sotto/manifest/v1", MESSAGE);

        assertThat(pair.publicKey().verify("sotto/manifest/v1", MESSAGE, signature))
                .isTrue();
        assertThat(pair.publicKey().verify("sotto/unmask/v1", MESSAGE, signature))
                .isFalse();
        assertThat(pair.publicKey().verify("sotto/manifest/v1", new byte[3], signature))
                .isFalse();
        assertThat(IdentityKeyPair.generate(random).publicKey().verify("sotto/manifest/v1", MESSAGE, signature))
                .isFalse();
    }

    @Test
    void verify_garbage_isFalse() {
        byte[] signature = IdentityKeyPair.generate(random).sign("d", MESSAGE);
        byte[] outOfRange = new byte[32];
        Arrays.fill(outOfRange, (byte) 0xff);

        assertThat(IdentityPublicKey.of(outOfRange).verify("d", MESSAGE, signature))
                .isFalse();
        assertThat(IdentityKeyPair.generate(random).publicKey().verify("d", MESSAGE, new byte[0]))
                .isFalse();
        assertThat(IdentityKeyPair.generate(random).publicKey().verify("d", MESSAGE, new byte[64]))
                .isFalse();
        assertThat(IdentityKeyPair.generate(random).publicKey().verify("d", MESSAGE, random.bytes(64)))
                .isFalse();
    }

    @Test
    void identity_storedAndRead_isTheSame() {
        IdentityKeyPair pair = IdentityKeyPair.generate(random);
        IdentityKeyPair read = IdentityKeyPair.fromPkcs8(pair.pkcs8());

        assertThat(read.publicKey()).isEqualTo(pair.publicKey());
        assertThat(read.sign("d", MESSAGE)).isEqualTo(pair.sign("d", MESSAGE));
        assertThat(IdentityPublicKey.fromBase64(pair.publicKey().toBase64())).isEqualTo(pair.publicKey());
    }

    @Test
    void identity_notPkcs8_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> IdentityKeyPair.fromPkcs8(new byte[48]));
        assertThatIllegalArgumentException().isThrownBy(() -> IdentityKeyPair.fromPkcs8(new byte[0]));
        byte[] agreement = HexFormat.of().parseHex("302e020100300506032b656e04220420" + "00".repeat(32));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IdentityKeyPair.fromPkcs8(agreement))
                .withMessageContaining("Ed25519");
    }

    @Test
    void agreement_bothSides_agree() {
        AgreementKeyPair a = AgreementKeyPair.generate(random);
        AgreementKeyPair b = AgreementKeyPair.generate(random);

        assertThat(a.agree(b.publicKey())).isEqualTo(b.agree(a.publicKey())).isNotEqualTo(new byte[32]);
        assertThat(AgreementKeyPair.of(a.privateBytes()).publicKey()).isEqualTo(a.publicKey());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000080",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            })
    void agreementKey_smallOrder_refused(String hex) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AgreementPublicKey.of(HexFormat.of().parseHex(hex)))
                .withMessageContaining("large order");
    }

    @Test
    void agreement_destroyed_failsClearly() {
        AgreementKeyPair pair = AgreementKeyPair.generate(random);
        pair.destroy();

        assertThat(pair.isDestroyed()).isTrue();
        assertThatIllegalStateException().isThrownBy(pair::privateBytes).withMessageContaining("destroyed");
        assertThatIllegalStateException().isThrownBy(() -> pair.agree(pair.publicKey()));
    }

    @Test
    void secrets_printed_showNothingPrivate() {
        IdentityKeyPair identity = IdentityKeyPair.generate(random);
        AgreementKeyPair agreement = AgreementKeyPair.generate(random);
        MaskSeed seed = MaskSeed.generate(random);
        ShamirShare share = new ShamirShare(3, random.bytes(32));

        assertThat(identity).hasToString("identity " + identity.publicKey());
        assertThat(agreement).hasToString("agreement key " + agreement.publicKey());
        assertThat(seed).hasToString("mask seed");
        assertThat(share).hasToString("share at 3");
    }
}
