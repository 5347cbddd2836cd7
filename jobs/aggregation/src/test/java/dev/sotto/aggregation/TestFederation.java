package dev.sotto.aggregation;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.BundleCodec;
import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.SeedCodec;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.MaskedChunk;
import dev.sotto.contracts.avro.NoiseRecord;
import dev.sotto.contracts.avro.RoundAborted;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.Survivors;
import dev.sotto.contracts.avro.Tick;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ChunkLayout;
import dev.sotto.federation.RoundMetrics;
import dev.sotto.federation.StrictYaml;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.federation.UpdateEncoder;
import dev.sotto.secagg.AgreementKeyPair;
import dev.sotto.secagg.AgreementPublicKey;
import dev.sotto.secagg.BlockId;
import dev.sotto.secagg.BlockSecrets;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.Bundle;
import dev.sotto.secagg.ChunkHash;
import dev.sotto.secagg.ChunkIndex;
import dev.sotto.secagg.IdentityKeyPair;
import dev.sotto.secagg.MerkleTree;
import dev.sotto.secagg.Ring;
import dev.sotto.secagg.RoundGroups;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SealHash;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.SiteMasker;
import dev.sotto.secagg.SiteUnmask;
import dev.sotto.secagg.SurvivorSet;
import dev.sotto.secagg.Thresholds;
import dev.sotto.secagg.UnmaskGuard;
import dev.sotto.secagg.Unmasking;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/** Honest sites with a sealed block and the coordination they follow: real keys, masks, shares and signatures. */
public final class TestFederation {
    static final SiteId LOST = site(3);

    private final SecureRandom random = new SecureRandom();
    private final Map<String, IdentityKeyPair> identities = new HashMap<>();
    private final SortedMap<SiteId, BlockSecrets> secrets = new TreeMap<>();
    private final SortedMap<SiteId, Bundle> roster = new TreeMap<>();
    private final TaskDefinition task;
    private final Trust trust;
    private final BlockTerms terms;
    private final byte[] sealHash;
    private final Map<Integer, TranscriptPosition> openings = new HashMap<>();
    private TranscriptPosition transcript = TranscriptPosition.START;

    public TestFederation(int sites) throws Exception {
        this(sites, taskWith());
    }

    public TestFederation(int sites, TaskDefinition definition) throws Exception {
        task = definition;
        SortedMap<SiteId, AgreementKeyPair> encryption = new TreeMap<>();
        SortedMap<SiteId, AgreementPublicKey> cohort = new TreeMap<>();
        Map<String, String> siteKeys = new TreeMap<>();
        for (int i = 0; i < sites; i++) {
            AgreementKeyPair pair = AgreementKeyPair.generate(random);
            encryption.put(site(i), pair);
            cohort.put(site(i), pair.publicKey());
            siteKeys.put(site(i).value(), publicKey(site(i).value()));
        }
        Map<String, String> servers = new TreeMap<>();
        for (String server : List.of(Trust.COORDINATION, Trust.AGGREGATION, Trust.OPERATOR)) {
            servers.put(server, publicKey(server));
        }
        trust = new Trust(siteKeys, servers);
        terms = BlockTerms.complete(
                new BlockId(task.id(), 1), 1, task.rounds().perBlock(), cohort, Thresholds.completeGraph(sites));
        SortedMap<SiteId, byte[]> hashes = new TreeMap<>();
        for (Map.Entry<SiteId, AgreementKeyPair> member : encryption.entrySet()) {
            BlockSecrets own = BlockSecrets.create(terms, member.getKey(), member.getValue(), random);
            secrets.put(member.getKey(), own);
            roster.put(member.getKey(), own.bundle());
            byte[] signed = signer(member.getKey())
                    .sealBytes(task.id(), Kind.BUNDLE, TranscriptPosition.START, BundleCodec.toRecord(own.bundle()));
            hashes.put(member.getKey(), new EnvelopeVerifier(trust).open(signed).hash());
        }
        sealHash = SealHash.of(hashes);
    }

    /** The task of the test's resources, with words of its file replaced: what, by what, and so on. */
    static TaskDefinition taskWith(String... replaced) throws Exception {
        return StrictYaml.read(
                new ByteArrayInputStream(taskFile(replaced).getBytes(StandardCharsets.UTF_8)),
                "task.yaml",
                TaskDefinition.class);
    }

    /** The task file of the test's resources, with words replaced as in {@link #taskWith}. */
    static String taskFile(String... replaced) throws Exception {
        try (InputStream in = TestFederation.class.getResourceAsStream("/task.yaml")) {
            String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (int i = 0; i < replaced.length; i += 2) {
                if (!yaml.contains(replaced[i])) {
                    throw new IllegalArgumentException("the task file does not say '" + replaced[i] + "'");
                }
                yaml = yaml.replace(replaced[i], replaced[i + 1]);
            }
            return yaml;
        }
    }

    private String publicKey(String name) {
        IdentityKeyPair pair = IdentityKeyPair.generate(random);
        identities.put(name, pair);
        return pair.publicKey().toBase64();
    }

    public static SiteId site(int index) {
        return new SiteId("site-" + index);
    }

    public TaskDefinition task() {
        return task;
    }

    public Trust trust() {
        return trust;
    }

    public RoundId round(int number) {
        return new RoundId(task.id(), number);
    }

    SortedSet<SiteId> everyone() {
        return new TreeSet<>(roster.keySet());
    }

    RoundGroups groups(int round) {
        return RoundGroups.draw(sealHash, round(round), everyone(), task.groups(roster.size()));
    }

    EnvelopeSigner signer(SiteId site) {
        return new EnvelopeSigner(site.value(), identities.get(site.value()));
    }

    EnvelopeSigner signer(String server) {
        return new EnvelopeSigner(server, identities.get(server));
    }

    /** The aggregation job's key as its file holds it. */
    public String identityFile() {
        return Base64.getEncoder()
                        .encodeToString(identities.get(Trust.AGGREGATION).pkcs8()) + "\n";
    }

    /** The trust file. */
    public String trustFile() {
        StringBuilder yaml = new StringBuilder("sites:\n");
        trust.sites().forEach((site, key) -> yaml.append("  %s: %s\n".formatted(site, key)));
        yaml.append("servers:\n");
        trust.servers().forEach((server, key) -> yaml.append("  %s: %s\n".formatted(server, key)));
        return yaml.toString();
    }

    public SignedRecord open(byte[] value) throws Exception {
        return new EnvelopeVerifier(trust).open(value);
    }

    // ---- coordination

    public long sequence() {
        return transcript.sequence();
    }

    private byte[] append(Kind kind, org.apache.avro.specific.SpecificRecordBase payload) throws Exception {
        byte[] value = signer(Trust.COORDINATION).sealBytes(task.id(), kind, transcript.next(), payload);
        transcript = open(value).reached();
        return value;
    }

    RoundOpen openRecord(int round, Checkpoint model, URI location, long deadline) {
        return RoundOpen.newBuilder()
                .setBlock(1)
                .setRound(round)
                .setModelVersion(model.manifest().version())
                .setModelSha256(ByteBuffer.wrap(model.sha256()))
                .setModelLocation(location.toString())
                .setAnnounced(everyone().stream().map(SiteId::value).toList())
                .setDeadline(deadline)
                .setEntries(task.chunks().entries())
                .setChunkEntries(task.encoding().chunkEntries())
                .setRingBits(task.encoding().ringBits())
                .setClipNorm(task.encoding().clipNorm())
                .setScale(task.encoding().scale())
                .setSigma(task.sigma())
                .setGroups(task.groups(roster.size()))
                .setMinSurvivors(task.rounds().minSurvivors())
                .setRhoSpent(0.5 * round)
                .setEpsilonSpent(2.5 * round)
                .setTaskHash(ByteBuffer.wrap(task.sha256()))
                .setSealHash(ByteBuffer.wrap(sealHash))
                .build();
    }

    public byte[] roundOpen(int round, Checkpoint model, URI location, long deadline) throws Exception {
        return roundOpen(openRecord(round, model, location, deadline));
    }

    public byte[] roundOpen(RoundOpen record) throws Exception {
        byte[] value = append(Kind.ROUND_OPEN, record);
        openings.putIfAbsent(record.getRound(), transcript);
        return value;
    }

    byte[] aborted(int round) throws Exception {
        return append(Kind.ROUND_ABORTED, new RoundAborted(round, "a test"));
    }

    public byte[] survivors(int round, Collection<Upload> uploads) throws Exception {
        List<Survivor> survivors = uploads.stream()
                .map(upload -> new Survivor(
                        upload.site().value(), ByteBuffer.wrap(upload.root()), ByteBuffer.wrap(upload.manifest())))
                .toList();
        return append(Kind.SURVIVORS, new Survivors(round, survivors, 0L));
    }

    public byte[] tick(long at) {
        return signer(Trust.COORDINATION).sealBytes(task.id(), Kind.TICK, transcript, new Tick(at));
    }

    /** What coordination reconstructs from the survivors' answers. */
    public byte[] seeds(int round, byte[] modelHash, Collection<Upload> uploads) throws Exception {
        return seeds(round, modelHash, uploads, List.of());
    }

    /** The same with what takes noise off. */
    byte[] seeds(int round, byte[] modelHash, Collection<Upload> uploads, List<NoiseRecord> noise) throws Exception {
        SortedSet<SiteId> alive = new TreeSet<>();
        uploads.forEach(upload -> alive.add(upload.site()));
        Unmasking unmasking =
                new Unmasking(terms, roster, sealHash, modelHash, new SurvivorSet(round(round), groups(round), alive));
        for (SiteId site : alive) {
            unmasking.accept(
                    site,
                    SiteUnmask.answer(
                                    new UnmaskGuard(task.rounds().minSurvivors(), true, null),
                                    secrets.get(site),
                                    roster,
                                    round(round),
                                    groups(round),
                                    List.copyOf(alive))
                            .shares());
        }
        UnmaskSeeds record = new UnmaskSeeds(
                round, alive.stream().map(SiteId::value).toList(), SeedCodec.toRecords(unmasking.seeds()), noise);
        return signer(Trust.COORDINATION).sealBytes(task.id(), Kind.UNMASK_SEEDS, transcript, record);
    }

    // ---- sites

    /** A site's upload of an update drawn from a seed. */
    public Upload upload(SiteId site, int round, byte[] modelHash, long seed) throws Exception {
        SplittableRandom noise = new SplittableRandom(seed);
        float[] update = new float[task.layout().size()];
        for (int i = 0; i < update.length; i++) {
            update[i] = (float) (noise.nextDouble() * 0.2 - 0.1);
        }
        int[] plain = new UpdateEncoder(task).encode(update, metrics(seed), round(round), secrets.size(), random);
        int[] masked = plain.clone();
        try (SiteMasker masker =
                SiteMasker.of(secrets.get(site), roster, sealHash, round(round), modelHash, groups(round))) {
            masker.mask(masked);
        }
        List<byte[]> data = cut(masked);
        List<byte[]> leaves = new ArrayList<>();
        for (int chunk = 0; chunk < data.size(); chunk++) {
            leaves.add(ChunkHash.of(round(round), site, new ChunkIndex(chunk), data.get(chunk)));
        }
        MerkleTree tree = MerkleTree.of(leaves);
        List<byte[]> chunks = new ArrayList<>();
        for (int chunk = 0; chunk < data.size(); chunk++) {
            chunks.add(AvroCodec.encode(new MaskedChunk(
                    task.task(),
                    round,
                    site.value(),
                    chunk,
                    data.size(),
                    tree.proof(chunk).stream().map(ByteBuffer::wrap).toList(),
                    ByteBuffer.wrap(data.get(chunk)))));
        }
        return new Upload(
                site,
                plain,
                tree.root(),
                chunks,
                () -> manifest(site, manifestRecord(round, data.size(), tree.root(), modelHash)));
    }

    /** A site's own numbers, another for every seed. */
    static RoundMetrics metrics(long seed) {
        double examples = 120 + Math.floorMod(seed, 100);
        return new RoundMetrics(examples, examples * 0.5, 50, 20 + Math.floorMod(seed, 30));
    }

    Manifest manifestRecord(int round, int chunks, byte[] root, byte[] modelHash) {
        return new Manifest(
                1,
                round,
                chunks,
                task.chunks().entries(),
                ByteBuffer.wrap(root),
                ByteBuffer.wrap(modelHash),
                ByteBuffer.wrap(sealHash),
                ByteBuffer.allocate(0));
    }

    byte[] manifest(SiteId site, Manifest record) {
        TranscriptPosition opening = openings.getOrDefault(record.getRound(), transcript);
        return signer(site).sealBytes(task.id(), Kind.MANIFEST, opening, record);
    }

    private List<byte[]> cut(int[] vector) {
        Ring ring = task.encoding().ring();
        ChunkLayout layout = task.chunks();
        List<byte[]> data = new ArrayList<>();
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            byte[] packed = new byte[ring.bytes(layout.entriesOf(chunk))];
            ring.pack(vector, layout.firstEntry(chunk), layout.entriesOf(chunk), packed, 0);
            data.add(packed);
        }
        return data;
    }
}
