package dev.sotto.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Reveal;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.AgreementKeyPair;
import dev.sotto.secagg.Beacon;
import dev.sotto.secagg.BlockId;
import dev.sotto.secagg.IdentityKeyPair;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BeaconCodecTest {
    private static final int BLOCK = 3;
    private static final byte[] OFFER_HASH = new byte[32];

    private final SecureRandom random = new SecureRandom();
    private final List<EnvelopeSigner> sites = new ArrayList<>();
    private final Map<String, byte[]> nonces = new HashMap<>();
    private final List<CohortMember> cohort = new ArrayList<>();
    private BeaconCodec codec;
    private EnvelopeVerifier verifier;
    private BlockOffer offer;

    @BeforeEach
    void enrol() {
        Map<String, String> keys = new HashMap<>();
        for (int i = 0; i < 4; i++) {
            String name = "site-" + i;
            IdentityKeyPair identity = IdentityKeyPair.generate(random);
            keys.put(name, identity.publicKey().toBase64());
            EnvelopeSigner signer = new EnvelopeSigner(name, identity);
            byte[] nonce = bytes();
            ByteBuffer key = ByteBuffer.wrap(
                    AgreementKeyPair.generate(random).publicKey().bytes());
            byte[] commitment = Beacon.commitment(new BlockId(Parties.TASK, BLOCK), new SiteId(name), nonce);
            Enrol enrol = new Enrol(BLOCK, key, ByteBuffer.wrap(commitment));
            cohort.add(new CohortMember(
                    name,
                    key,
                    ByteBuffer.wrap(signer.sealBytes(Parties.TASK, Kind.ENROL, TranscriptPosition.START, enrol))));
            sites.add(signer);
            nonces.put(name, nonce);
        }
        verifier = new EnvelopeVerifier(new Trust(keys, Map.of()));
        codec = new BeaconCodec(verifier);
        offer = new BlockOffer(BLOCK, 1, 2, 3, cohort, ByteBuffer.wrap(new byte[32]), 0L, 2);
    }

    @Test
    void beacon_allReveal_isTheSameInAnyOrder() throws Exception {
        List<ByteBuffer> reveals = reveals(BLOCK);
        byte[] beacon = codec.beacon(Parties.TASK, offer, OFFER_HASH, reveals);
        List<ByteBuffer> turned = new ArrayList<>(reveals);
        Collections.reverse(turned);
        assertThat(beacon).hasSize(32);
        assertThat(codec.beacon(Parties.TASK, offer, OFFER_HASH, turned)).isEqualTo(beacon);
        assertThat(codec.beacon(Parties.TASK, offer, bytes(), reveals)).isNotEqualTo(beacon);
    }

    @Test
    void beacon_oneIsMissingOrTwice_isRefused() {
        List<ByteBuffer> reveals = reveals(BLOCK);
        assertThatThrownBy(() -> codec.beacon(Parties.TASK, offer, OFFER_HASH, reveals.subList(1, 4)))
                .hasMessageContaining("3 reveals; its cohort has 4");
        List<ByteBuffer> twice = List.of(reveals.get(0), reveals.get(0), reveals.get(1), reveals.get(2));
        assertThatThrownBy(() -> codec.beacon(Parties.TASK, offer, OFFER_HASH, twice))
                .hasMessageContaining("site-0 reveals twice");
    }

    @Test
    void reveal_notWhatWasCommittedTo_isRefused() {
        nonces.put("site-2", bytes());
        assertThatThrownBy(() -> codec.beacon(Parties.TASK, offer, OFFER_HASH, reveals(BLOCK)))
                .isInstanceOf(RejectedRecordException.class)
                .hasMessageContaining("site-2 reveals another nonce");
    }

    @Test
    void reveal_ofAnotherBlock_isRefused() {
        assertThatThrownBy(() -> codec.beacon(Parties.TASK, offer, OFFER_HASH, reveals(BLOCK + 1)))
                .isInstanceOfSatisfying(RejectedRecordException.class, e -> assertThat(e.rejection())
                        .isEqualTo(Rejection.WRONG_ROUND));
    }

    @Test
    void reveal_ofASiteOutsideTheCohort_isRefused() throws Exception {
        cohort.remove(3);
        SignedRecord record = verifier.open(AvroCodec.bytes(reveals(BLOCK).get(3)));
        assertThatThrownBy(() -> codec.nonce(Parties.TASK, offer, record)).hasMessageContaining("not in the cohort");
    }

    private List<ByteBuffer> reveals(int block) {
        List<ByteBuffer> reveals = new ArrayList<>();
        for (EnvelopeSigner site : sites) {
            Reveal reveal = new Reveal(block, ByteBuffer.wrap(nonces.get(site.name())));
            reveals.add(ByteBuffer.wrap(site.sealBytes(Parties.TASK, Kind.REVEAL, TranscriptPosition.START, reveal)));
        }
        return reveals;
    }

    private byte[] bytes() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return bytes;
    }
}
