package dev.sotto.simulation;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Envelope;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.MaskedChunk;
import dev.sotto.contracts.avro.SealedSharesRecord;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.contracts.avro.Unmask;
import dev.sotto.federation.ChunkLayout;
import dev.sotto.federation.RoundMetrics;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.ChunkHash;
import dev.sotto.secagg.ChunkIndex;
import dev.sotto.secagg.MerkleTree;
import dev.sotto.secagg.Ring;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import dev.sotto.site.SimulatedSite.Outgoing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.avro.specific.SpecificRecordBase;

/** What a lying site sends instead of what the protocol wants, signed with its own key. Not thread-safe. */
final class Liar {
    /** In what it lies. */
    enum Lie {
        /** Two uploads for one round, each whole. */
        CONFLICTING_UPLOADS,
        /** A manifest over chunks of which one is never sent. */
        INCOMPLETE_UPLOAD,
        /** A manifest whose root is over nothing. */
        WRONG_ROOT,
        /** A manifest for another model. */
        WRONG_MODEL,
        /** An upload, and the same chunks again with other content. */
        STRAY_CHUNKS,
        /** Shares that are none. */
        BAD_SHARES,
        /** No shares at all. */
        NO_SHARES,
        /** Boxes that some neighbours cannot open. */
        BAD_DEALING,
        /** Records that are noise, or another's. */
        NOISE
    }

    private final Lie lie;
    private final SiteId id;
    private final TaskDefinition task;
    private final EnvelopeSigner signer;
    private final Contributions contributions;
    private final SplittableRandom random;
    private final double often;

    Liar(Lie lie, SiteId id, TaskDefinition task, Cast cast, Contributions contributions, SplittableRandom random) {
        this.lie = lie;
        this.id = id;
        this.task = task;
        this.signer = cast.signer(id);
        this.contributions = contributions;
        this.random = random;
        this.often = random.nextInt(3) == 0 ? 1 : 0.5;
    }

    @Override
    public String toString() {
        return lie.toString();
    }

    /** What it sends: batches of records, each in a transaction of its own. */
    List<List<Outgoing>> instead(List<Outgoing> records) throws RejectedRecordException {
        if (random.nextDouble() >= often) {
            return List.of(records);
        }
        Outgoing last = records.get(records.size() - 1);
        Envelope envelope = AvroCodec.decode(last.value(), Envelope.class);
        return switch (envelope.getKind()) {
            case MANIFEST -> upload(records, envelope);
            case UNMASK -> unmask(records, envelope);
            case BUNDLE -> List.of(lie == Lie.BAD_DEALING ? badDealing(last, envelope) : records);
            default -> lie == Lie.NOISE ? List.of(noise(last), records) : List.of(records);
        };
    }

    private List<List<Outgoing>> upload(List<Outgoing> records, Envelope envelope) throws RejectedRecordException {
        Manifest manifest = payload(envelope, Manifest.class);
        return switch (lie) {
            case CONFLICTING_UPLOADS ->
                random.nextBoolean()
                        ? List.of(records, rival(records, envelope, manifest))
                        : List.of(rival(records, envelope, manifest), records);
            case INCOMPLETE_UPLOAD -> {
                List<Outgoing> part = new ArrayList<>(records);
                part.remove(random.nextInt(records.size() - 1));
                yield List.of(part);
            }
            case WRONG_ROOT -> {
                byte[] nothing = new byte[32];
                random.nextBytes(nothing);
                manifest.setRoot(ByteBuffer.wrap(nothing));
                yield List.of(replaced(records, sealed(envelope, manifest)));
            }
            case WRONG_MODEL -> {
                byte[] nothing = new byte[32];
                random.nextBytes(nothing);
                manifest.setModelSha256(ByteBuffer.wrap(nothing));
                yield List.of(replaced(records, sealed(envelope, manifest)));
            }
            case STRAY_CHUNKS -> {
                List<Outgoing> stray = new ArrayList<>(rival(records, envelope, manifest));
                stray.remove(stray.size() - 1);
                yield random.nextBoolean() ? List.of(records, stray) : List.of(stray, records);
            }
            case NOISE -> List.of(noise(records.get(0)), noise(records.get(records.size() - 1)), records, records);
            default -> List.of(records);
        };
    }

    private List<List<Outgoing>> unmask(List<Outgoing> records, Envelope envelope) throws RejectedRecordException {
        Unmask unmask = payload(envelope, Unmask.class);
        switch (lie) {
            case NO_SHARES -> {
                return List.of();
            }
            case BAD_SHARES -> {
                unmask.getShares().forEach(share -> {
                    if (random.nextBoolean()) {
                        share.setShare(flipped(share.getShare()));
                    }
                });
                return List.of(replaced(records, sealed(envelope, unmask)));
            }
            case NOISE -> {
                return List.of(noise(records.get(0)), records, records);
            }
            default -> {
                return List.of(records);
            }
        }
    }

    private List<Outgoing> badDealing(Outgoing record, Envelope envelope) throws RejectedRecordException {
        SiteBundle bundle = payload(envelope, SiteBundle.class);
        bundle.getRounds().forEach(round -> {
            for (SealedSharesRecord shares : round.getShares()) {
                if (random.nextInt(3) == 0) {
                    shares.setBox(flipped(shares.getBox()));
                }
            }
        });
        return List.of(new Outgoing(record.topic(), record.key(), sealed(envelope, bundle)));
    }

    /** Another upload of the same round: one entry is larger by one. */
    private List<Outgoing> rival(List<Outgoing> records, Envelope envelope, Manifest manifest)
            throws RejectedRecordException {
        RoundId round = new RoundId(task.id(), manifest.getRound());
        ChunkLayout layout = task.chunks();
        Ring ring = task.encoding().ring();
        int changed = random.nextInt(layout.chunks());
        List<MaskedChunk> chunks = new ArrayList<>();
        List<byte[]> leaves = new ArrayList<>();
        for (Outgoing record : records.subList(0, records.size() - 1)) {
            MaskedChunk chunk = AvroCodec.decode(record.value(), MaskedChunk.class);
            byte[] data = AvroCodec.bytes(chunk.getData());
            if (chunk.getChunk() == changed) {
                int[] entries = new int[layout.entriesOf(changed)];
                ring.add(data, 0, entries, 0, entries.length);
                entries[RoundMetrics.ENTRIES]++;
                ring.reduce(entries);
                ring.pack(entries, 0, entries.length, data, 0);
                chunk.setData(ByteBuffer.wrap(data));
            }
            chunks.add(chunk);
            leaves.add(ChunkHash.of(round, id, new ChunkIndex(chunk.getChunk()), data));
        }
        MerkleTree tree = MerkleTree.of(leaves);
        int[] vector =
                contributions.under(id, manifest.getRound(), manifest.getRoot()).clone();
        vector[layout.firstEntry(changed) + RoundMetrics.ENTRIES]++;
        contributions.signed(id, manifest.getRound(), ByteBuffer.wrap(tree.root()), vector);
        List<Outgoing> rival = new ArrayList<>();
        for (int i = 0; i < chunks.size(); i++) {
            MaskedChunk chunk = chunks.get(i);
            chunk.setProof(tree.proof(i).stream().map(ByteBuffer::wrap).toList());
            rival.add(new Outgoing(Topics.UPDATES.name(), records.get(i).key(), AvroCodec.encode(chunk)));
        }
        Manifest other = Manifest.newBuilder(manifest)
                .setRoot(ByteBuffer.wrap(tree.root()))
                .build();
        Outgoing last = records.get(records.size() - 1);
        rival.add(new Outgoing(last.topic(), last.key(), sealed(envelope, other)));
        return rival;
    }

    private List<Outgoing> noise(Outgoing like) {
        byte[] value = like.value().clone();
        for (int flips = 1 + random.nextInt(5); flips > 0; flips--) {
            value[random.nextInt(value.length)] ^= (byte) (1 + random.nextInt(255));
        }
        return List.of(new Outgoing(like.topic(), like.key(), value));
    }

    private ByteBuffer flipped(ByteBuffer buffer) {
        byte[] bytes = AvroCodec.bytes(buffer);
        bytes[random.nextInt(bytes.length)] ^= 1;
        return ByteBuffer.wrap(bytes);
    }

    private static List<Outgoing> replaced(List<Outgoing> records, byte[] last) {
        List<Outgoing> replaced = new ArrayList<>(records);
        Outgoing old = replaced.remove(replaced.size() - 1);
        replaced.add(new Outgoing(old.topic(), old.key(), last));
        return replaced;
    }

    private static <T extends SpecificRecordBase> T payload(Envelope envelope, Class<T> type)
            throws RejectedRecordException {
        return AvroCodec.decode(AvroCodec.bytes(envelope.getPayload()), type);
    }

    private byte[] sealed(Envelope like, SpecificRecordBase payload) {
        return signer.sealBytes(
                task.id(),
                like.getKind(),
                new TranscriptPosition(like.getSequence(), AvroCodec.bytes(like.getHead())),
                payload);
    }
}
