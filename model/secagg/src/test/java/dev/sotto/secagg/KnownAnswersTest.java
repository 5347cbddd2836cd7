package dev.sotto.secagg;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.Signature;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Published answers for every primitive that is built here on top of the JDK. */
class KnownAnswersTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final List<String> LEAVES =
            List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");

    @ParameterizedTest
    @CsvFileSource(resources = "hkdf-rfc5869.csv")
    void hkdf_rfc5869_matches(String ikm, String salt, String info, String okm) {
        byte[] out = Hkdf.sha256(HEX.parseHex(ikm), HEX.parseHex(salt), HEX.parseHex(info), okm.length() / 2);

        assertThat(HEX.formatHex(out)).isEqualTo(okm);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "x25519-rfc7748.csv")
    void agreement_rfc7748_matches(String privateKey, String other, String shared) {
        AgreementKeyPair pair = AgreementKeyPair.of(HEX.parseHex(privateKey));

        assertThat(HEX.formatHex(pair.agree(AgreementPublicKey.of(HEX.parseHex(other)))))
                .isEqualTo(shared);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "ed25519-rfc8032.csv")
    void rawKeys_rfc8032_signAndVerify(String privateKey, String publicKey, String message, String signature)
            throws Exception {
        Signature ed25519 = Signature.getInstance("Ed25519");
        ed25519.initSign(RawKeys.privateKey(HEX.parseHex(privateKey)));
        ed25519.update(HEX.parseHex(message));
        assertThat(HEX.formatHex(ed25519.sign())).isEqualTo(signature);

        ed25519.initVerify(RawKeys.publicKey(HEX.parseHex(publicKey)));
        ed25519.update(HEX.parseHex(message));
        assertThat(ed25519.verify(HEX.parseHex(signature))).isTrue();
    }

    @ParameterizedTest
    @CsvFileSource(resources = "ed25519-rfc8032.csv")
    void identity_rfc8032PrivateKey_derivesPublicKey(String privateKey, String publicKey) {
        IdentityKeyPair pair = IdentityKeyPair.fromPkcs8(RawKeys.pkcs8(HEX.parseHex(privateKey)));

        assertThat(HEX.formatHex(pair.publicKey().bytes())).isEqualTo(publicKey);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "aes256-zero-key.csv")
    void mask_zeroKey_isThePublishedKeyStream(int block, String stream) {
        int[] target = new int[4];
        Mask.add(MaskSeed.of(new byte[32]), 4L * block, target, 0, 4);

        ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(target);
        assertThat(HEX.formatHex(bytes.array())).isEqualTo(stream);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "merkle-rfc6962.csv")
    void merkleRoot_rfc6962Leaves_matches(int leaves, String root) {
        List<byte[]> hashes = new ArrayList<>();
        LEAVES.subList(0, leaves).forEach(leaf -> hashes.add(Sha256.of(new byte[] {0}, HEX.parseHex(leaf))));

        assertThat(HEX.formatHex(MerkleTree.of(hashes).root())).isEqualTo(root);
    }
}
