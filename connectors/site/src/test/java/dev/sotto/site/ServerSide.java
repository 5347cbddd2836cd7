package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.BundleCodec;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.UnmaskCodec;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Intent;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.MaskedChunk;
import dev.sotto.contracts.avro.Reveal;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.contracts.avro.Unmask;
import dev.sotto.federation.ChunkLayout;
import dev.sotto.secagg.Acceptance;
import dev.sotto.secagg.BadDealingException;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.Bundle;
import dev.sotto.secagg.ChunkHash;
import dev.sotto.secagg.ChunkIndex;
import dev.sotto.secagg.MaskExpander;
import dev.sotto.secagg.MerkleTree;
import dev.sotto.secagg.Ring;
import dev.sotto.secagg.RoundGroups;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SignedSeed;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.SurvivorSet;
import dev.sotto.secagg.Unmasking;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
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

    private interface Belongs {
        boolean test(SignedRecord record) throws RejectedRecordException;
    }

    /** By signer; asserts that copies are byte-identical. */
    private SortedMap<SiteId, SignedRecord> bySite(Kind kind, Belongs belongs) {
        SortedMap<SiteId, SignedRecord> first = new TreeMap<>();
        for (SignedRecord record : records(kind)) {
            try {
                if (!belongs.test(record)) {
                    continue;
                }
            } catch (RejectedRecordException e) {
                throw new AssertionError(e);
            }
            SignedRecord earlier = first.putIfAbsent(new SiteId(record.signer()), record);
            if (earlier != null) {
                assertThat(record.value())
                        .as("a second %s of %s", record.kind(), record.signer())
                        .isEqualTo(earlier.value());
            }
        }
        return first;
    }

    private static SortedMap<SiteId, byte[]> values(SortedMap<SiteId, SignedRecord> records) {
        SortedMap<SiteId, byte[]> values = new TreeMap<>();
        records.forEach((site, record) -> values.put(site, record.value()));
        return values;
    }

    SortedMap<SiteId, byte[]> enrolments(int block) {
        return values(bySite(Kind.ENROL, record -> record.payload(Enrol.class).getBlock() == block));
    }

    SortedMap<SiteId, byte[]> reveals(int block) {
        return values(bySite(Kind.REVEAL, record -> record.payload(Reveal.class).getBlock() == block));
    }

    SortedMap<SiteId, byte[]> bundles(int block) {
        return values(
                bySite(Kind.BUNDLE, record -> record.payload(SiteBundle.class).getBlock() == block));
    }

    SortedMap<SiteId, byte[]> manifests(int round) {
        return values(
                bySite(Kind.MANIFEST, record -> record.payload(Manifest.class).getRound() == round));
    }

    SortedMap<SiteId, SignedRecord> answers(int round) {
        return bySite(Kind.UNMASK, record -> record.payload(Unmask.class).getRound() == round);
    }

    /** What a site has said in INTENT records, in order. */
    List<Boolean> intents(SiteId site) {
        List<Boolean> intents = new ArrayList<>();
        for (SignedRecord record : records(Kind.INTENT)) {
            try {
                if (record.signer().equals(site.value())) {
                    intents.add(record.payload(Intent.class).getWilling());
                }
            } catch (RejectedRecordException e) {
                throw new AssertionError(e);
            }
        }
        return intents;
    }

    /** The sum of some sites' uploads in the ring, each chunk once, each proof checked. */
    private synchronized int[] maskedSum(RoundId round, Set<SiteId> sites) throws RejectedRecordException {
        ChunkLayout layout = parties.task.chunks();
        Ring ring = parties.task.encoding().ring();
        SortedMap<SiteId, byte[]> manifests = manifests(round.number());
        int[] sum = new int[layout.entries()];
        Map<String, MaskedChunk> seen = new HashMap<>();
        for (MaskedChunk chunk : chunks) {
            SiteId site = new SiteId(chunk.getSite());
            if (chunk.getRound() != round.number() || !sites.contains(site)) {
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
                    .isEqualTo(root(manifests.get(site)));
            int entries = layout.entriesOf(chunk.getChunk());
            assertThat(data).hasSize(ring.bytes(entries));
            ring.add(data, 0, sum, layout.firstEntry(chunk.getChunk()), entries);
        }
        assertThat(seen).hasSize(sites.size() * layout.chunks());
        return sum;
    }

    byte[] root(byte[] manifest) throws RejectedRecordException {
        return AvroCodec.bytes(new EnvelopeVerifier(parties.trust)
                .open(manifest)
                .payload(Manifest.class)
                .getRoot());
    }

    /** Takes the masks off each group's sum and compares with the plain sum of its survivors' vectors. */
    void assertSumIsExact(BlockTerms terms, RoundId round, byte[] sealHash, byte[] modelHash, RoundGroups groups)
            throws RejectedRecordException, BadDealingException {
        Set<SiteId> survivors = manifests(round.number()).keySet();
        SortedMap<Integer, int[]> sums = unmasked(terms, round, sealHash, modelHash, groups, survivors);
        for (int group = 0; group < groups.count(); group++) {
            int[] expected = new int[parties.task.chunks().entries()];
            for (SiteId site : groups.members(group)) {
                if (survivors.contains(site)) {
                    int[] plain = VectorUpdate.encoded(parties.task, site, round);
                    for (int i = 0; i < plain.length; i++) {
                        expected[i] += plain[i];
                    }
                }
            }
            assertThat(sums.get(group)).as("sum of group %d", group).isEqualTo(expected);
        }
    }

    /** The plain, centre-lifted sum of each group. */
    SortedMap<Integer, int[]> unmasked(
            BlockTerms terms,
            RoundId round,
            byte[] sealHash,
            byte[] modelHash,
            RoundGroups groups,
            Set<SiteId> survivors)
            throws RejectedRecordException, BadDealingException {
        Map<SiteId, Bundle> roster = new TreeMap<>();
        for (Map.Entry<SiteId, SignedRecord> dealt : bySite(
                        Kind.BUNDLE,
                        record -> record.payload(SiteBundle.class).getBlock()
                                == terms.block().number())
                .entrySet()) {
            roster.put(
                    dealt.getKey(),
                    BundleCodec.fromRecord(
                            round.task(), dealt.getKey(), dealt.getValue().payload(SiteBundle.class)));
        }
        SurvivorSet alive = new SurvivorSet(round, groups, new TreeSet<>(survivors));
        Unmasking unmasking = new Unmasking(terms, roster, sealHash, modelHash, alive);
        for (Map.Entry<SiteId, SignedRecord> answer : answers(round.number()).entrySet()) {
            Acceptance acceptance = unmasking.accept(
                    answer.getKey(),
                    UnmaskCodec.fromRecord(
                            round.task(), answer.getKey(), answer.getValue().payload(Unmask.class)));
            assertThat(acceptance).isEqualTo(new Acceptance.Accepted(List.of()));
        }
        SortedMap<Integer, int[]> sums = new TreeMap<>();
        MaskExpander expander = new MaskExpander();
        for (Map.Entry<Integer, List<SignedSeed>> seeds : unmasking.seeds().entrySet()) {
            int[] sum = maskedSum(round, alive.survivors(seeds.getKey()));
            seeds.getValue().forEach(seed -> seed.apply(expander, 0, sum, 0, sum.length));
            parties.task.encoding().ring().centre(sum);
            sums.put(seeds.getKey(), sum);
        }
        return sums;
    }
}
