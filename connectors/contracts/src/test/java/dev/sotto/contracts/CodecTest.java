package dev.sotto.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.NoiseRecord;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.contracts.avro.Unmask;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.federation.NoiseLink;
import dev.sotto.secagg.AgreementKeyPair;
import dev.sotto.secagg.AgreementPublicKey;
import dev.sotto.secagg.BlockId;
import dev.sotto.secagg.BlockSecrets;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.Bundle;
import dev.sotto.secagg.Disclosure;
import dev.sotto.secagg.MaskSeed;
import dev.sotto.secagg.OpenedShare;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.ShareKind;
import dev.sotto.secagg.SignedSeed;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.Thresholds;
import dev.sotto.secagg.UnmaskShares;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CodecTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final SiteId SITE = new SiteId("site-1");

    private final SortedMap<SiteId, AgreementKeyPair> pairs = new TreeMap<>();
    private final BlockTerms terms;

    CodecTest() {
        SortedMap<SiteId, AgreementPublicKey> cohort = new TreeMap<>();
        for (int i = 0; i < 4; i++) {
            AgreementKeyPair pair = AgreementKeyPair.generate(RANDOM);
            pairs.put(new SiteId("site-" + i), pair);
            cohort.put(new SiteId("site-" + i), pair.publicKey());
        }
        terms = BlockTerms.complete(new BlockId(Parties.TASK, 1), 1, 2, cohort, Thresholds.completeGraph(4));
    }

    @Test
    void bundle_overTheWire_isTheSame() throws Exception {
        Bundle bundle =
                BlockSecrets.create(terms, SITE, pairs.get(SITE), RANDOM).bundle();
        byte[] bytes = AvroCodec.encode(BundleCodec.toRecord(bundle));
        Bundle read = BundleCodec.fromRecord(Parties.TASK, SITE, AvroCodec.decode(bytes, SiteBundle.class));
        assertThat(read).isEqualTo(bundle);
    }

    @Test
    void bundle_keyOfWrongLength_isRefused() {
        Bundle bundle =
                BlockSecrets.create(terms, SITE, pairs.get(SITE), RANDOM).bundle();
        SiteBundle record = BundleCodec.toRecord(bundle);
        record.getRounds().get(0).setMaskKey(ByteBuffer.wrap(new byte[31]));
        assertThatThrownBy(() -> BundleCodec.fromRecord(Parties.TASK, SITE, record))
                .isInstanceOfSatisfying(RejectedRecordException.class, e -> assertThat(e.rejection())
                        .isEqualTo(Rejection.INVALID_FIELD));
    }

    @Test
    void answer_overTheWire_isTheSame() throws Exception {
        UnmaskShares answer = new UnmaskShares(
                new RoundId(Parties.TASK, 2),
                SITE,
                List.of(
                        new OpenedShare(new SiteId("site-0"), ShareKind.MASK_KEY, random(32), random(16)),
                        new OpenedShare(SITE, ShareKind.SELF_MASK, random(32), random(16))));
        byte[] bytes = AvroCodec.encode(UnmaskCodec.toRecord(answer, random(32), false));
        assertThat(AvroCodec.decode(bytes, Unmask.class).getIntent()).isFalse();
        assertThat(UnmaskCodec.fromRecord(Parties.TASK, SITE, AvroCodec.decode(bytes, Unmask.class)))
                .isEqualTo(answer);
    }

    @Test
    void offer_terms_areTheBlocksAndAMemberTwiceIsRefused() throws Exception {
        List<CohortMember> members = new ArrayList<>();
        terms.cohort()
                .forEach((site, key) -> members.add(
                        new CohortMember(site.value(), ByteBuffer.wrap(key.bytes()), ByteBuffer.allocate(0))));
        BlockOffer offer = new BlockOffer(1, 1, 2, terms.threshold(), members, ByteBuffer.wrap(random(32)), 0L, 0);
        assertThat(BlockOfferCodec.terms(Parties.TASK, offer).rosterRoot()).isEqualTo(terms.rosterRoot());
        members.add(members.get(0));
        assertThatThrownBy(() -> BlockOfferCodec.terms(Parties.TASK, offer)).hasMessageContaining("twice");
    }

    @Test
    void seeds_overTheWire_areTheSame() throws Exception {
        MaskSeed seed = MaskSeed.generate(RANDOM);
        SortedMap<Integer, List<SignedSeed>> seeds = new TreeMap<>();
        seeds.put(0, List.of(new SignedSeed(seed, true), new SignedSeed(seed, false)));
        seeds.put(2, List.of(new SignedSeed(seed, false)));
        UnmaskSeeds record = new UnmaskSeeds(1, List.of("site-0"), SeedCodec.toRecords(seeds), List.of());
        SortedMap<Integer, List<SignedSeed>> read =
                SeedCodec.fromRecord(AvroCodec.decode(AvroCodec.encode(record), UnmaskSeeds.class));
        assertThat(read.keySet()).containsExactly(0, 2);
        assertThat(read.get(0)).extracting(SignedSeed::subtract).containsExactly(true, false);
        assertThat(read.get(2)).extracting(SignedSeed::seed).containsExactly(seed);
    }

    @Test
    void noiseOfAnAnswer_overTheWire_isTheSame() throws Exception {
        UnmaskShares answer = new UnmaskShares(new RoundId(Parties.TASK, 2), SITE, List.of());
        Disclosure noise = new Disclosure(
                List.of(random(Disclosure.KEY_BYTES), random(Disclosure.KEY_BYTES)),
                List.of(random(Disclosure.BOX_BYTES), random(Disclosure.BOX_BYTES)));
        byte[] bytes = AvroCodec.encode(UnmaskCodec.toRecord(answer, random(32), true, noise));
        Unmask record = AvroCodec.decode(bytes, Unmask.class);
        Disclosure read = UnmaskCodec.noise(record).orElseThrow();
        assertThat(read.keys()).containsExactlyElementsOf(noise.keys());
        assertThat(read.boxes()).containsExactlyElementsOf(noise.boxes());
        record.setNoiseBoxes(List.of(ByteBuffer.wrap(random(Disclosure.BOX_BYTES))));
        assertThatThrownBy(() -> UnmaskCodec.noise(record))
                .isInstanceOfSatisfying(RejectedRecordException.class, e -> assertThat(e.rejection())
                        .isEqualTo(Rejection.INVALID_FIELD))
                .hasMessageContaining("number of boxes is 1");
        assertThat(UnmaskCodec.noise(UnmaskCodec.toRecord(answer, random(32), true)))
                .isEmpty();
    }

    @Test
    void noiseLinks_overTheWire_areTheSame() throws Exception {
        NoiseLink link = NoiseLink.first(new RoundId(Parties.TASK, 4), RANDOM).at(2);
        SortedMap<SiteId, NoiseLink> links = new TreeMap<>(Map.of(SITE, link, new SiteId("site-0"), link.at(3)));
        UnmaskSeeds record = new UnmaskSeeds(4, List.of("site-0"), List.of(), NoiseCodec.toRecords(links));
        UnmaskSeeds wire = AvroCodec.decode(AvroCodec.encode(record), UnmaskSeeds.class);
        SortedMap<SiteId, NoiseLink> read = NoiseCodec.fromRecord(Parties.TASK, wire);
        assertThat(read.keySet()).containsExactlyElementsOf(links.keySet());
        assertThat(read.get(SITE).component()).isEqualTo(2);
        assertThat(read.get(SITE).at(9).bytes()).isEqualTo(link.at(9).bytes());
    }

    @Test
    void noiseLinks_thatAreNone_areRefused() {
        ByteBuffer link = ByteBuffer.wrap(random(32));
        NoiseRecord good = new NoiseRecord("site-0", 1, link);
        for (List<NoiseRecord> noise : List.of(
                List.of(new NoiseRecord("site-0", 0, link)),
                List.of(new NoiseRecord("site-0", -1, link)),
                List.of(new NoiseRecord("Site", 1, link)),
                List.of(new NoiseRecord("site-0", 1, ByteBuffer.wrap(random(31)))),
                List.of(good, good))) {
            assertThatThrownBy(() -> NoiseCodec.fromRecord(
                            Parties.TASK, new UnmaskSeeds(4, List.of("site-0"), List.of(), noise)))
                    .isInstanceOfSatisfying(RejectedRecordException.class, e -> assertThat(e.rejection())
                            .isEqualTo(Rejection.INVALID_FIELD));
        }
    }

    /** Records written before noise could be taken off are read, and those that have nothing to do with it are written as they were. */
    @Test
    void recordsWithoutAddedFields_areReadAndWrittenAsBeforeThereWereAny() throws Exception {
        ByteBuffer hash = ByteBuffer.wrap(random(32));
        Manifest plain = new Manifest(1, 2, 3, 4, hash, hash, hash, ByteBuffer.allocate(0));
        byte[] written = AvroCodec.encode(plain);
        // Four small numbers, three times a length and 32 bytes.
        assertThat(written).hasSize(4 + 3 * 33);
        assertThat(AvroCodec.decode(written, Manifest.class)).isEqualTo(plain);
        Manifest anchored = new Manifest(1, 2, 3, 4, hash, hash, hash, hash);
        byte[] longer = AvroCodec.encode(anchored);
        assertThat(longer).hasSize(4 + 4 * 33).startsWith(written);
        assertThat(AvroCodec.decode(longer, Manifest.class)).isEqualTo(anchored);
        for (int cut : new int[] {written.length - 1, written.length + 1, longer.length - 1}) {
            assertThatThrownBy(() -> AvroCodec.decode(Arrays.copyOf(longer, cut), Manifest.class))
                    .isInstanceOf(RejectedRecordException.class);
        }
        assertThatThrownBy(() -> AvroCodec.decode(Arrays.copyOf(longer, longer.length + 1), Manifest.class))
                .isInstanceOf(RejectedRecordException.class);
        Unmask answer = new Unmask(2, hash, List.of(), true, List.of(), List.of());
        assertThat(AvroCodec.encode(answer)).hasSize(1 + 33 + 1 + 1);
        assertThat(AvroCodec.encode(new UnmaskSeeds(2, List.of(), List.of(), List.of())))
                .hasSize(3);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
