package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.BlockOfferCodec;
import dev.sotto.contracts.BundleCodec;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.UnmaskCodec;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.MaskedChunk;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.contracts.avro.Unmask;
import dev.sotto.secagg.Acceptance;
import dev.sotto.secagg.BadDealingException;
import dev.sotto.secagg.Bundle;
import dev.sotto.secagg.ChunkHash;
import dev.sotto.secagg.ChunkIndex;
import dev.sotto.secagg.MaskExpander;
import dev.sotto.secagg.MerkleTree;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SignedSeed;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.SurvivorSet;
import dev.sotto.secagg.Unmasking;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the servers see of the sites: every record verified, uploads summed, masks taken off. */
final class ServerSide {
    private final Parties parties;
    private final List<MaskedChunk> chunks = new ArrayList<>();
    private final List<SignedRecord> signed = new ArrayList<>();

    ServerSide(Parties parties) {
        this.parties = parties;
    }

    synchronized void receive(List<Outbox.Message> messages) {
        EnvelopeVerifier verifier = new EnvelopeVerifier(parties.trust);
        for (Outbox.Message message : messages) {
            try {
                if (message.topic().equals(Topics.UPDATES.name())) {
                    chunks.add(AvroCodec.decode(message.value(), MaskedChunk.class));
                } else {
                    signed.add(verifier.open(message.value()));
                }
            } catch (RejectedRecordException e) {
                throw new AssertionError(e);
            }
        }
    }

    synchronized List<SignedRecord> records(Kind kind) {
        return signed.stream().filter(record -> record.kind() == kind).toList();
    }

    synchronized List<MaskedChunk> chunks() {
        return List.copyOf(chunks);
    }

    /** By signer; asserts that copies are byte-identical. */
    private SortedMap<SiteId, SignedRecord> bySite(List<SignedRecord> records) {
        SortedMap<SiteId, SignedRecord> first = new TreeMap<>();
        for (SignedRecord record : records) {
            SignedRecord earlier = first.putIfAbsent(new SiteId(record.signer()), record);
            if (earlier != null) {
                assertThat(record.value())
                        .as("a second %s of %s", record.kind(), record.signer())
                        .isEqualTo(earlier.value());
            }
        }
        return first;
    }

    private interface Belongs {
        boolean test(SignedRecord record) throws RejectedRecordException;
    }

    private SortedMap<SiteId, SignedRecord> bySite(Kind kind, Belongs belongs) {
        List<SignedRecord> records = new ArrayList<>();
        for (SignedRecord record : records(kind)) {
            try {
                if (belongs.test(record)) {
                    records.add(record);
                }
            } catch (RejectedRecordException e) {
                throw new AssertionError(e);
            }
        }
        return bySite(records);
    }

    private static SortedMap<SiteId, byte[]> values(SortedMap<SiteId, SignedRecord> records) {
        SortedMap<SiteId, byte[]> values = new TreeMap<>();
        records.forEach((site, record) -> values.put(site, record.value()));
        return values;
    }

    SortedMap<SiteId, byte[]> enrolments(int block) {
        return values(bySite(Kind.ENROL, record -> record.payload(Enrol.class).getBlock() == block));
    }

    SortedMap<SiteId, byte[]> bundles(int block) {
        return values(
                bySite(Kind.BUNDLE, record -> record.payload(SiteBundle.class).getBlock() == block));
    }

    SortedMap<SiteId, SignedRecord> answers(int round) {
        return bySite(Kind.UNMASK, record -> record.payload(Unmask.class).getRound() == round);
    }

    SortedMap<SiteId, byte[]> roots(int round) {
        SortedMap<SiteId, byte[]> roots = new TreeMap<>();
        bySite(Kind.MANIFEST, record -> record.payload(Manifest.class).getRound() == round)
                .forEach((site, record) -> {
                    try {
                        roots.put(
                                site,
                                AvroCodec.bytes(record.payload(Manifest.class).getRoot()));
                    } catch (RejectedRecordException e) {
                        throw new AssertionError(e);
                    }
                });
        return roots;
    }

    /** The sum of the survivors' uploads mod 2^32, each chunk once, each proof checked. */
    private synchronized int[] maskedSum(RoundId round, SortedMap<SiteId, byte[]> roots)
            throws RejectedRecordException {
        int[] sum = new int[parties.task.layout().paddedSize()];
        Map<String, MaskedChunk> seen = new HashMap<>();
        for (MaskedChunk chunk : chunks) {
            SiteId site = new SiteId(chunk.getSite());
            if (chunk.getRound() != round.number() || !roots.containsKey(site)) {
                continue;
            }
            MaskedChunk earlier = seen.putIfAbsent(site + "/" + chunk.getChunk(), chunk);
            if (earlier != null) {
                assertThat(chunk).isEqualTo(earlier);
                continue;
            }
            byte[] data = AvroCodec.bytes(chunk.getData());
            byte[] leaf = ChunkHash.of(round, site, new ChunkIndex(chunk.getChunk()), data);
            List<byte[]> proof = chunk.getProof().stream().map(AvroCodec::bytes).toList();
            assertThat(MerkleTree.rootOf(leaf, chunk.getChunk(), chunk.getChunks(), proof))
                    .isEqualTo(roots.get(site));
            ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = chunk.getChunk() * parties.task.encoding().chunkEntries(); in.hasRemaining(); i++) {
                sum[i] += in.getInt();
            }
        }
        assertThat(seen)
                .hasSize(roots.size()
                        * parties.task.encoding().chunks(parties.task.layout().paddedSize()));
        return sum;
    }

    /** Takes the masks off and compares with the plain sum of the survivors' vectors. */
    void assertSumIsExact(
            BlockOffer offer, RoundId round, byte[] sealHash, byte[] modelHash, SortedSet<SiteId> announced)
            throws RejectedRecordException, BadDealingException {
        SortedMap<SiteId, byte[]> roots = roots(round.number());
        int[] sum = unmasked(offer, round, sealHash, modelHash, announced, roots);
        int[] expected = new int[sum.length];
        for (SiteId site : roots.keySet()) {
            int[] plain = VectorUpdate.encoded(parties.task, site, round);
            for (int i = 0; i < plain.length; i++) {
                expected[i] += plain[i];
            }
        }
        assertThat(sum).isEqualTo(expected);
    }

    int[] unmasked(
            BlockOffer offer,
            RoundId round,
            byte[] sealHash,
            byte[] modelHash,
            SortedSet<SiteId> announced,
            SortedMap<SiteId, byte[]> roots)
            throws RejectedRecordException, BadDealingException {
        Map<SiteId, Bundle> roster = new TreeMap<>();
        for (SignedRecord record : records(Kind.BUNDLE)) {
            SiteBundle payload = record.payload(SiteBundle.class);
            if (payload.getBlock() == offer.getBlock()) {
                SiteId dealer = new SiteId(record.signer());
                roster.put(dealer, BundleCodec.fromRecord(round.task(), dealer, payload));
            }
        }
        Unmasking unmasking = new Unmasking(
                BlockOfferCodec.terms(round.task(), offer),
                roster,
                sealHash,
                modelHash,
                new SurvivorSet(round, announced, new TreeSet<>(roots.keySet())));
        for (Map.Entry<SiteId, SignedRecord> answer : answers(round.number()).entrySet()) {
            Acceptance acceptance = unmasking.accept(
                    answer.getKey(),
                    UnmaskCodec.fromRecord(
                            round.task(), answer.getKey(), answer.getValue().payload(Unmask.class)));
            assertThat(acceptance).isEqualTo(new Acceptance.Accepted(List.of()));
        }
        int[] sum = maskedSum(round, roots);
        MaskExpander expander = new MaskExpander();
        for (SignedSeed seed : unmasking.seeds()) {
            seed.apply(expander, 0, sum, 0, sum.length);
        }
        return sum;
    }
}
