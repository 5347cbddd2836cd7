package dev.sotto.site;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.BeaconCodec;
import dev.sotto.contracts.BlockOfferCodec;
import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Beacon;
import dev.sotto.contracts.avro.BlockAborted;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.Roster;
import dev.sotto.contracts.avro.RoundAborted;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.RoundResult;
import dev.sotto.contracts.avro.Seal;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.Survivors;
import dev.sotto.contracts.avro.TaskEnd;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.GraphParameters;
import dev.sotto.secagg.SealHash;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.Thresholds;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecordBase;

/** Writes a transcript as coordination does, or, with a change applied before it signs, as a lying one would. */
final class TestCoordination {
    static final long FAR = Long.MAX_VALUE;

    private final Parties parties;
    private final EnvelopeSigner signer;
    private final Consumer<byte[]> log;
    TranscriptPosition position = TranscriptPosition.START;
    byte[] sealHash = new byte[32];
    /** Whether offers are on a sparse graph, of the degree that the task needs. */
    boolean sparse;
    /** The newest offer, its hash, and the terms that it and its beacon give. */
    BlockOffer offer = new BlockOffer();

    private byte[] offerHash = new byte[32];
    BlockTerms terms;

    TestCoordination(Parties parties, Consumer<byte[]> log) {
        this.parties = parties;
        this.signer = new EnvelopeSigner(Trust.COORDINATION, parties.coordination);
        this.log = log;
    }

    SignedRecord append(Kind kind, SpecificRecordBase payload) throws RejectedRecordException {
        byte[] value = sign(kind, position.next(), payload);
        SignedRecord record = new EnvelopeVerifier(parties.trust).open(value);
        position = record.reached();
        log.accept(value);
        return record;
    }

    byte[] sign(Kind kind, TranscriptPosition at, SpecificRecordBase payload) {
        return signer.sealBytes(parties.task.id(), kind, at, payload);
    }

    void offer(int block, int firstRound, Collection<byte[]> enrolments, Consumer<BlockOffer> change)
            throws RejectedRecordException {
        TaskDefinition task = parties.task;
        SortedMap<String, CohortMember> cohort = new TreeMap<>();
        for (byte[] enrolment : enrolments) {
            SignedRecord record = new EnvelopeVerifier(parties.trust).open(enrolment);
            cohort.put(
                    record.signer(),
                    new CohortMember(
                            record.signer(),
                            record.payload(Enrol.class).getEncryptionKey(),
                            ByteBuffer.wrap(enrolment)));
        }
        GraphParameters graph = sparse
                ? GraphParameters.find(
                        cohort.size(),
                        task.protocol().colluding(),
                        task.protocol().dropout())
                : new GraphParameters(0, Thresholds.completeGraph(cohort.size()));
        offer = new BlockOffer(
                block,
                firstRound,
                task.rounds().perBlock(),
                graph.threshold(),
                new ArrayList<>(cohort.values()),
                ByteBuffer.wrap(task.sha256()),
                FAR,
                graph.degree());
        change.accept(offer);
        offerHash = append(Kind.BLOCK_OFFER, offer).hash();
        try {
            terms = sparse ? null : BlockOfferCodec.terms(task.id(), offer);
        } catch (RejectedRecordException e) {
            terms = null;
        }
    }

    void beacon(int block, Collection<byte[]> reveals, Consumer<Beacon> change) throws RejectedRecordException {
        Beacon beacon = new Beacon(
                block, new ArrayList<>(reveals.stream().map(ByteBuffer::wrap).toList()));
        byte[] drawn = new BeaconCodec(new EnvelopeVerifier(parties.trust))
                .beacon(parties.task.id(), offer, offerHash, beacon.getReveals());
        terms = BlockOfferCodec.terms(parties.task.id(), offer, drawn);
        change.accept(beacon);
        append(Kind.BEACON, beacon);
    }

    void blockAborted(int block) throws RejectedRecordException {
        append(Kind.BLOCK_ABORTED, new BlockAborted(block, "a reveal is missing"));
    }

    void roster(int block, byte[] bundle) throws RejectedRecordException {
        append(Kind.ROSTER, new Roster(block, ByteBuffer.wrap(bundle)));
    }

    void seal(int block, Collection<byte[]> bundles, Consumer<Seal> change) throws RejectedRecordException {
        SortedMap<SiteId, byte[]> hashes = new TreeMap<>();
        for (byte[] bundle : bundles) {
            SignedRecord record = new EnvelopeVerifier(parties.trust).open(bundle);
            hashes.put(new SiteId(record.signer()), record.hash());
        }
        sealHash = SealHash.of(hashes);
        List<String> members = new ArrayList<>();
        hashes.keySet().forEach(site -> members.add(site.value()));
        Seal seal = new Seal(block, members, ByteBuffer.wrap(sealHash));
        change.accept(seal);
        append(Kind.SEAL, seal);
    }

    RoundOpen opening(int block, int round, Checkpoint model, URI location, Collection<SiteId> announced) {
        TaskDefinition task = parties.task;
        return new RoundOpen(
                block,
                round,
                model.manifest().version(),
                ByteBuffer.wrap(model.sha256()),
                location.toString(),
                new ArrayList<>(announced.stream().map(SiteId::value).toList()),
                FAR,
                task.chunks().entries(),
                task.encoding().chunkEntries(),
                task.encoding().ringBits(),
                task.encoding().clipNorm(),
                task.encoding().scale(),
                task.sigma(),
                task.rounds().minSurvivors(),
                0.1,
                1.0,
                ByteBuffer.wrap(task.sha256()),
                ByteBuffer.wrap(sealHash),
                sparse ? 1 : task.groups(announced.size()));
    }

    void open(
            int block,
            int round,
            Checkpoint model,
            URI location,
            Collection<SiteId> announced,
            Consumer<RoundOpen> change)
            throws RejectedRecordException {
        RoundOpen open = opening(block, round, model, location, announced);
        change.accept(open);
        append(Kind.ROUND_OPEN, open);
    }

    /** Lists the sites with the manifests that they have signed. */
    void survivors(int round, SortedMap<SiteId, byte[]> manifests, Consumer<Survivors> change)
            throws RejectedRecordException {
        List<Survivor> survivors = new ArrayList<>();
        for (SiteId site : manifests.keySet()) {
            byte[] manifest = manifests.get(site);
            SignedRecord record = new EnvelopeVerifier(parties.trust).open(manifest);
            byte[] root = AvroCodec.bytes(record.payload(Manifest.class).getRoot());
            survivors.add(new Survivor(site.value(), ByteBuffer.wrap(root), ByteBuffer.wrap(manifest)));
        }
        Survivors payload = new Survivors(round, survivors, FAR);
        change.accept(payload);
        append(Kind.SURVIVORS, payload);
    }

    void result(int round) throws RejectedRecordException {
        ByteBuffer none = ByteBuffer.allocate(0);
        append(
                Kind.ROUND_RESULT,
                new RoundResult(
                        round,
                        round,
                        none,
                        none,
                        List.of("bank-a", "bank-b", "bank-c"),
                        List.of(),
                        0.1,
                        1.0,
                        1e-5,
                        none,
                        null,
                        null,
                        null));
    }

    void aborted(int round) throws RejectedRecordException {
        append(Kind.ROUND_ABORTED, new RoundAborted(round, "too few survivors"));
    }

    void end() throws RejectedRecordException {
        append(Kind.TASK_END, new TaskEnd("all rounds ended with a model", 2, 1.0, 1e-5));
    }
}
