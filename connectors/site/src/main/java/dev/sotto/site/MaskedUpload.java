package dev.sotto.site;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.MaskedChunk;
import dev.sotto.federation.ChunkLayout;
import dev.sotto.federation.NoiseLink;
import dev.sotto.federation.RoundMetrics;
import dev.sotto.federation.UpdateEncoder;
import dev.sotto.secagg.BlockSecrets;
import dev.sotto.secagg.ChunkHash;
import dev.sotto.secagg.ChunkIndex;
import dev.sotto.secagg.MerkleTree;
import dev.sotto.secagg.RefusedException;
import dev.sotto.secagg.Ring;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteMasker;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a masked upload out of an update, and a stored upload into the records of its transaction. Stateless. */
final class MaskedUpload {
    private final SiteContext site;
    private final ChunkLayout chunks;
    private final Ring ring;
    private final UpdateEncoder encoder;

    MaskedUpload(SiteContext site) {
        this.site = site;
        this.chunks = site.task().chunks();
        this.ring = site.task().encoding().ring();
        this.encoder = new UpdateEncoder(site.task());
    }

    /**
     * Encodes, masks, packs, cuts and signs, at the position of the round's opening, where the other sites look whether
     * everybody was told of the same round. The caller erases the plain update.
     *
     * @param noise the first link of this upload's noise, for a task whose noise can be taken off; else null. The caller erases it.
     * @throws RefusedException if the round may not be masked for
     * @throws IllegalArgumentException if the update has the wrong length or an entry that is not finite
     */
    StoredUpload create(
            SealedBlock block,
            OpenRound round,
            BlockSecrets secrets,
            float[] delta,
            RoundMetrics metrics,
            @Nullable NoiseLink noise)
            throws RefusedException {
        int[] encoded = new int[0];
        try (SiteMasker masker = SiteMasker.of(
                secrets, block.roster(), block.sealHash(), round.id(), round.modelSha256(), round.groups())) {
            int announced = round.announced().size();
            byte[] anchor = {};
            if (noise == null) {
                encoded = encoder.encode(delta, metrics, round.id(), announced, site.random());
            } else {
                encoded = encoder.encode(delta, metrics, noise, announced, site.random());
                anchor = noise.at(site.task().noiseComponents(announced).components())
                        .bytes();
            }
            masker.mask(encoded);
            byte[] entries = new byte[ring.bytes(encoded.length)];
            ring.pack(encoded, 0, encoded.length, entries, 0);
            MerkleTree tree = tree(round.id(), entries);
            Manifest manifest = new Manifest(
                    block.number(),
                    round.number(),
                    tree.leaves(),
                    encoded.length,
                    ByteBuffer.wrap(tree.root()),
                    ByteBuffer.wrap(round.modelSha256()),
                    ByteBuffer.wrap(block.sealHash()),
                    ByteBuffer.wrap(anchor));
            return new StoredUpload(
                    site.signer().sealBytes(site.task().id(), Kind.MANIFEST, round.opened(), manifest), entries);
        } finally {
            Arrays.fill(encoded, 0);
        }
    }

    /** The records of an upload: its chunks, then its manifest. */
    List<Outbox.Message> messages(RoundId round, StoredUpload upload) {
        MerkleTree tree = tree(round, upload.entries());
        List<Outbox.Message> messages = new ArrayList<>(chunks.chunks() + 1);
        for (int i = 0; i < chunks.chunks(); i++) {
            MaskedChunk chunk = new MaskedChunk(
                    round.task().value(),
                    round.number(),
                    site.self().value(),
                    i,
                    chunks.chunks(),
                    tree.proof(i).stream().map(ByteBuffer::wrap).toList(),
                    ByteBuffer.wrap(upload.entries(), start(i), length(i)).slice());
            messages.add(new Outbox.Message(
                    Topics.UPDATES.name(), RecordKeys.update(round, new ChunkIndex(i)), AvroCodec.encode(chunk)));
        }
        messages.add(new Outbox.Message(
                Topics.MANIFESTS.name(), RecordKeys.manifest(round, site.self()), upload.manifest()));
        return messages;
    }

    // Chunks are a multiple of four entries, so each begins and ends at a whole byte of the packed vector.

    private int start(int chunk) {
        return ring.bytes(chunks.firstEntry(chunk));
    }

    private int length(int chunk) {
        return ring.bytes(chunks.entriesOf(chunk));
    }

    private MerkleTree tree(RoundId round, byte[] entries) {
        List<byte[]> leaves = new ArrayList<>(chunks.chunks());
        for (int i = 0; i < chunks.chunks(); i++) {
            leaves.add(ChunkHash.of(round, site.self(), new ChunkIndex(i), entries, start(i), length(i)));
        }
        return MerkleTree.of(leaves);
    }
}
