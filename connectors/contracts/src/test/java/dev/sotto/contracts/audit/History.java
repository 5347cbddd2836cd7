package dev.sotto.contracts.audit;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.BlockOfferCodec;
import dev.sotto.contracts.BundleCodec;
import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Beacon;
import dev.sotto.contracts.avro.BlockAborted;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.LedgerRecord;
import dev.sotto.contracts.avro.LedgerStep;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.Reveal;
import dev.sotto.contracts.avro.Roster;
import dev.sotto.contracts.avro.RoundAborted;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.RoundResult;
import dev.sotto.contracts.avro.Seal;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.Survivors;
import dev.sotto.contracts.avro.TaskEnd;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.privacy.Digest;
import dev.sotto.privacy.LedgerChain;
import dev.sotto.privacy.LedgerDecision;
import dev.sotto.privacy.LedgerEntry;
import dev.sotto.privacy.ReleaseId;
import dev.sotto.privacy.ZCdp;
import dev.sotto.secagg.AgreementKeyPair;
import dev.sotto.secagg.BlockId;
import dev.sotto.secagg.BlockSecrets;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.GraphParameters;
import dev.sotto.secagg.IdentityKeyPair;
import dev.sotto.secagg.NeighbourGraph;
import dev.sotto.secagg.SealHash;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.Thresholds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * A task's history as honest sites and coordination write it, with real keys, bundles, beacons and ledger. A cheat changes
 * a record before coordination signs it; whatever follows builds on it, since the server that cheats also writes the rest.
 */
final class History {
    static final long FAR = Long.MAX_VALUE;
    private static final SecureRandom RANDOM = new SecureRandom();

    final TaskDefinition task;
    final Trust trust;
    final List<TranscriptEntry> rounds = new ArrayList<>();
    final List<TranscriptEntry> ledger = new ArrayList<>();
    final SortedMap<SiteId, SignedRecord> bundles = new TreeMap<>();
    TranscriptPosition position = TranscriptPosition.START;
    TranscriptPosition opened = TranscriptPosition.START;
    RoundOpen open = new RoundOpen();
    byte[] sealHash = new byte[32];
    NeighbourGraph graph;

    private final SortedMap<SiteId, EnvelopeSigner> sites = new TreeMap<>();
    private final EnvelopeSigner coordination;
    private final EnvelopeVerifier verifier;
    private final Map<Kind, Integer> written = new EnumMap<>(Kind.class);
    private final Map<String, Consumer<SpecificRecordBase>> cheats = new HashMap<>();
    private final Set<String> omitted = new TreeSet<>();
    private final LedgerChain chain;
    private final double rho;
    private double rhoSpent;
    private double clipNorm;
    private int block;
    private int round;
    private int version;
    private int completed;
    private byte[] model = random(32);
    private boolean complete = true;

    History(TaskDefinition task, int sites) {
        this.task = task;
        this.clipNorm = task.encoding().clipNorm();
        Map<String, String> keys = new HashMap<>();
        for (int i = 0; i < sites; i++) {
            String name = "bank-" + (char) ('a' + i);
            IdentityKeyPair identity = IdentityKeyPair.generate(RANDOM);
            keys.put(name, identity.publicKey().toBase64());
            this.sites.put(new SiteId(name), new EnvelopeSigner(name, identity));
        }
        IdentityKeyPair key = IdentityKeyPair.generate(RANDOM);
        this.coordination = new EnvelopeSigner(Trust.COORDINATION, key);
        this.trust = new Trust(keys, Map.of(Trust.COORDINATION, key.publicKey().toBase64()));
        this.verifier = new EnvelopeVerifier(trust);
        this.rho = task.rho();
        this.chain = LedgerChain.open(task.task(), task.budget());
    }

    /** The nth record of a kind, from one, is changed before it is signed. */
    <T extends SpecificRecordBase> void cheat(Kind kind, int nth, Class<T> type, Consumer<T> change) {
        cheats.merge(kind + "/" + nth, payload -> change.accept(type.cast(payload)), Consumer::andThen);
    }

    /** The nth record of a kind, from one, is never written. */
    void omit(Kind kind, int nth) {
        omitted.add(kind + "/" + nth);
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes);
    }

    byte[] signed(SiteId site, Kind kind, TranscriptPosition at, SpecificRecordBase payload) {
        return sites.get(site).sealBytes(task.id(), kind, at, payload);
    }

    byte[] signed(Kind kind, TranscriptPosition at, SpecificRecordBase payload) {
        return coordination.sealBytes(task.id(), kind, at, payload);
    }

    /** Signs a payload that need not be one. */
    byte[] signedRaw(Kind kind, TranscriptPosition at, byte[] payload) {
        return coordination.sealBytes(task.id(), kind, at, new RawPayload(payload));
    }

    SignedRecord opened(byte[] value) {
        try {
            return verifier.open(value);
        } catch (RejectedRecordException e) {
            throw new AssertionError(e);
        }
    }

    static <T extends SpecificRecordBase> T payload(SignedRecord record, Class<T> type) {
        try {
            return record.payload(type);
        } catch (RejectedRecordException e) {
            throw new AssertionError(e);
        }
    }

    TranscriptEntry entry(byte[] value) {
        String key = RecordKeys.transcript(task.id(), opened(value).position().sequence());
        return new TranscriptEntry(Topics.ROUNDS.name(), rounds.size(), key.getBytes(StandardCharsets.UTF_8), value);
    }

    /** Writes a record, changed if it is to be. */
    void append(Kind kind, SpecificRecordBase payload) {
        String name = kind + "/" + written.merge(kind, 1, Integer::sum);
        cheats.getOrDefault(name, unchanged -> {}).accept(payload);
        if (!omitted.contains(name)) {
            byte[] value = signed(kind, position.next(), payload);
            position = opened(value).reached();
            rounds.add(entry(value));
        }
    }

    /** Offers a block to all sites and seals it. */
    void block(boolean sparse) {
        seal(deal(offer(sparse)));
    }

    /** Offers a block on a sparse graph and gives it up because not all revealed. */
    void abortedBlock() {
        offer(true);
        append(Kind.BLOCK_ABORTED, new BlockAborted(block, "bank-c did not reveal in time"));
    }

    /** What sites keep of an offer. */
    record Offered(
            BlockOffer offer,
            TranscriptPosition at,
            SortedMap<SiteId, AgreementKeyPair> keys,
            SortedMap<SiteId, byte[]> nonces) {}

    Offered offer(boolean sparse) {
        block++;
        complete = !sparse;
        SortedMap<SiteId, AgreementKeyPair> keys = new TreeMap<>();
        SortedMap<SiteId, byte[]> nonces = new TreeMap<>();
        List<CohortMember> cohort = new ArrayList<>();
        for (SiteId site : sites.keySet()) {
            keys.put(site, AgreementKeyPair.generate(RANDOM));
            nonces.put(site, random(32));
            ByteBuffer key = buffer(keys.get(site).publicKey().bytes());
            byte[] commitment =
                    dev.sotto.secagg.Beacon.commitment(new BlockId(task.id(), block), site, nonces.get(site));
            byte[] enrolment = signed(site, Kind.ENROL, position, new Enrol(block, key, buffer(commitment)));
            cohort.add(new CohortMember(site.value(), key, buffer(enrolment)));
        }
        int n = cohort.size();
        GraphParameters graph = sparse
                ? GraphParameters.find(
                        n, task.protocol().colluding(), task.protocol().dropout())
                : new GraphParameters(0, Thresholds.completeGraph(n));
        BlockOffer offer = new BlockOffer(
                block,
                round + 1,
                task.rounds().perBlock(),
                graph.threshold(),
                cohort,
                buffer(task.sha256()),
                FAR,
                graph.degree());
        append(Kind.BLOCK_OFFER, offer);
        return new Offered(offer, position, keys, nonces);
    }

    /** Reveals if the graph is sparse, and deals. */
    Offered deal(Offered offered) {
        BlockTerms terms = terms(offered);
        graph = terms.graph();
        bundles.clear();
        TranscriptPosition dealtAt = position;
        offered.keys().forEach((site, key) -> {
            SpecificRecordBase bundle = BundleCodec.toRecord(
                    BlockSecrets.create(terms, site, key, RANDOM).bundle());
            byte[] value = signed(site, Kind.BUNDLE, dealtAt, bundle);
            bundles.put(site, opened(value));
            append(Kind.ROSTER, new Roster(block, buffer(value)));
        });
        return offered;
    }

    private BlockTerms terms(Offered offered) {
        try {
            if (offered.offer().getDegree() == 0) {
                return BlockOfferCodec.terms(task.id(), offered.offer());
            }
            List<ByteBuffer> reveals = new ArrayList<>();
            offered.nonces()
                    .forEach((site, nonce) -> reveals.add(
                            buffer(signed(site, Kind.REVEAL, offered.at(), new Reveal(block, buffer(nonce))))));
            Beacon beacon = new Beacon(block, reveals);
            append(Kind.BEACON, beacon);
            SortedMap<SiteId, byte[]> nonces = new TreeMap<>();
            for (ByteBuffer reveal : beacon.getReveals()) {
                SignedRecord record = opened(AvroCodec.bytes(reveal));
                nonces.put(
                        new SiteId(record.signer()),
                        AvroCodec.bytes(payload(record, Reveal.class).getNonce()));
            }
            byte[] drawn = dev.sotto.secagg.Beacon.of(offered.at().head(), nonces);
            return BlockOfferCodec.terms(task.id(), offered.offer(), drawn);
        } catch (RejectedRecordException e) {
            throw new AssertionError(e);
        }
    }

    void seal(Offered offered) {
        SortedMap<SiteId, byte[]> hashes = new TreeMap<>();
        bundles.forEach((site, bundle) -> hashes.put(site, bundle.hash()));
        List<String> members = new ArrayList<>();
        hashes.keySet().forEach(site -> members.add(site.value()));
        Seal seal = new Seal(offered.offer().getBlock(), members, buffer(SealHash.of(hashes)));
        append(Kind.SEAL, seal);
        sealHash = AvroCodec.bytes(seal.getSealHash());
    }

    /** Charges and opens the next round for all members. */
    void open() {
        round++;
        List<String> announced = new ArrayList<>();
        sites.keySet().forEach(site -> announced.add(site.value()));
        RoundOpen next = RoundOpen.newBuilder()
                .setBlock(block)
                .setRound(round)
                .setModelVersion(version)
                .setModelSha256(buffer(model))
                .setModelLocation("file:/models/" + version)
                .setAnnounced(announced)
                .setDeadline(FAR)
                .setEntries(task.chunks().entries())
                .setChunkEntries(task.encoding().chunkEntries())
                .setRingBits(task.encoding().ringBits())
                .setClipNorm(clipNorm)
                .setScale(task.encoding().scale())
                .setSigma(task.sigma())
                .setMinSurvivors(task.rounds().minSurvivors())
                .setRhoSpent(rhoSpent + rho)
                .setEpsilonSpent(epsilon(rhoSpent + rho))
                .setTaskHash(buffer(task.sha256()))
                .setSealHash(buffer(sealHash))
                .setGroups(complete ? task.groups(announced.size()) : 1)
                .build();
        rhoSpent += rho;
        TranscriptPosition before = position;
        append(Kind.ROUND_OPEN, next);
        charge(LedgerStep.RESERVE, next, before);
        open = next;
        opened = position;
    }

    private double epsilon(double spent) {
        return ZCdp.epsilon(spent, task.privacy().delta());
    }

    private byte[] charge(LedgerStep step, RoundOpen terms, TranscriptPosition at) {
        ReleaseId release = new ReleaseId(task.task(), terms.getRound());
        Digest input = ReleaseInput.of(task.id(), terms);
        LedgerDecision decision =
                step == LedgerStep.RESERVE ? chain.reserve(release, input, rho) : chain.commit(release, input);
        if (!(decision instanceof LedgerDecision.Appended appended)) {
            return random(32);
        }
        book(appended.entry(), step, at);
        return appended.entry().hash().bytes();
    }

    private void book(LedgerEntry entry, LedgerStep step, TranscriptPosition at) {
        String release = entry.releaseId().toString();
        LedgerRecord record = new LedgerRecord(
                release,
                buffer(entry.inputHash().bytes()),
                entry.rho(),
                chain.spentRho(),
                step,
                buffer(entry.previousHash().bytes()),
                buffer(entry.hash().bytes()));
        byte[] key = RecordKeys.ledger(task.id(), release, step.name()).getBytes(StandardCharsets.UTF_8);
        ledger.add(new TranscriptEntry(Topics.LEDGER.name(), ledger.size(), key, signed(Kind.LEDGER, at, record)));
    }

    /** Charges something that is in no transcript. */
    void chargeInSecret(int number) {
        LedgerDecision decision = chain.reserve(new ReleaseId(task.task(), number), Digest.sha256(random(8)), rho);
        book(((LedgerDecision.Appended) decision).entry(), LedgerStep.RESERVE, position);
    }

    Manifest manifest() {
        return new Manifest(
                open.getBlock(),
                open.getRound(),
                task.chunks().chunks(),
                task.chunks().entries(),
                buffer(random(32)),
                open.getModelSha256(),
                buffer(sealHash),
                buffer(task.privacy().removal() ? random(32) : new byte[0]));
    }

    Survivor survivor(SiteId site, TranscriptPosition at, Manifest manifest) {
        return new Survivor(site.value(), manifest.getRoot(), buffer(signed(site, Kind.MANIFEST, at, manifest)));
    }

    /** Lists all announced sites but those that dropped out. */
    List<String> close(String... dropouts) {
        List<Survivor> survivors = new ArrayList<>();
        for (SiteId site : sites.keySet()) {
            if (!List.of(dropouts).contains(site.value())) {
                survivors.add(survivor(site, opened, manifest()));
            }
        }
        Survivors record = new Survivors(open.getRound(), survivors, FAR);
        append(Kind.SURVIVORS, record);
        return record.getSurvivors().stream().map(Survivor::getSite).sorted().toList();
    }

    /** A round that ends with a result. */
    void round(String... dropouts) {
        open();
        result(close(dropouts));
    }

    void result(List<String> survivors) {
        List<String> missing = new ArrayList<>(open.getAnnounced());
        missing.removeAll(survivors);
        byte[] ledgerHash = charge(LedgerStep.COMMIT, open, position);
        RoundResult result = RoundResult.newBuilder()
                .setRound(open.getRound())
                .setModelVersion(open.getModelVersion() + 1)
                .setModelSha256(buffer(random(32)))
                .setAggregateHash(buffer(random(32)))
                .setSurvivors(new ArrayList<>(survivors))
                .setDropouts(missing)
                .setRho(open.getRhoSpent())
                .setEpsilon(open.getEpsilonSpent())
                .setDelta(task.privacy().delta())
                .setLedgerHash(buffer(ledgerHash))
                .setUnclipped(task.encoding().adaptive() == null ? null : 0.125 * open.getRound())
                .build();
        clipNorm = task.encoding().clipAfter(clipNorm, result.getUnclipped());
        append(Kind.ROUND_RESULT, result);
        version = result.getModelVersion();
        model = AvroCodec.bytes(result.getModelSha256());
        completed++;
    }

    /** A round that ends without. */
    void abort() {
        append(Kind.ROUND_ABORTED, new RoundAborted(open.getRound(), "too few answered in time"));
    }

    void end() {
        append(
                Kind.TASK_END,
                new TaskEnd(
                        "all rounds ended with a model",
                        completed,
                        epsilon(rhoSpent),
                        task.privacy().delta()));
    }

    /** A block with a dropout and an aborted round, two sparse ones of which the first is given up, and a last one. */
    History play() {
        block(false);
        round("bank-b");
        open();
        abort();
        abortedBlock();
        block(true);
        round("bank-d");
        open();
        close();
        abort();
        block(false);
        round();
        end();
        return this;
    }

    /** A sparse block with a round that is given up and one that is not. */
    void playOneRound() {
        block(true);
        open();
        abort();
        round();
        end();
    }

    AuditReport audit() {
        return audit(rounds);
    }

    AuditReport audit(List<TranscriptEntry> entries) {
        TranscriptAudit audit = new TranscriptAudit(task, trust);
        entries.forEach(audit::accept);
        return audit.report();
    }

    AuditReport auditWithLedger() {
        TranscriptAudit audit = new TranscriptAudit(task, trust);
        rounds.forEach(audit::accept);
        return audit.report(ledger);
    }
}
