package dev.sotto.site;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.MaskedChunk;
import dev.sotto.federation.UpdateEncoder;
import dev.sotto.secagg.BlockSecrets;
import dev.sotto.secagg.ChunkHash;
import dev.sotto.secagg.ChunkIndex;
import dev.sotto.secagg.MerkleTree;
import dev.sotto.secagg.RefusedException;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteMasker;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes a masked upload out of an update, and a stored upload into the records of its transaction. Stateless. */
final class MaskedUpload {
    private final SiteContext site;

    MaskedUpload(SiteContext site) {
        this.site = site;
    }

    /**
     * Encodes, masks, cuts and signs. The plain update is overwritten.
     *
     * @param position the transcript position to carry
     * @throws RefusedException if the round may not be masked for
     * @throws IllegalArgumentException if the update has the wrong length or an entry that is not finite
     */
    StoredUpload create(
            SealedBlock block, OpenRound round, BlockSecrets secrets, float[] delta, TranscriptPosition position)
            throws RefusedException {
        UpdateEncoder encoder =
                new UpdateEncoder(site.task().encoding(), site.task().layout());
        int[] encoded = new int[0];
        try (SiteMasker masker = SiteMasker.of(
                secrets, block.roster(), block.sealHash(), round.id(), round.modelSha256(), round.announced())) {
            encoded = encoder.encode(delta, site.random());
            masker.mask(encoded);
            byte[] entries = new byte[encoded.length * Integer.BYTES];
            ByteBuffer.wrap(entries)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asIntBuffer()
                    .put(encoded);
            MerkleTree tree = MerkleTree.of(leaves(round.id(), slices(entries)));
            Manifest manifest = new Manifest(
                    block.number(),
                    round.number(),
                    tree.leaves(),
                    encoded.length,
                    ByteBuffer.wrap(tree.root()),
                    ByteBuffer.wrap(round.modelSha256()),
                    ByteBuffer.wrap(block.sealHash()));
            return new StoredUpload(
                    site.signer().sealBytes(site.task().id(), Kind.MANIFEST, position, manifest), entries);
        } finally {
            Arrays.fill(delta, 0);
            Arrays.fill(encoded, 0);
        }
    }

    /** The records of an upload: its chunks, then its manifest. */
    List<Outbox.Message> messages(RoundId round, StoredUpload upload) {
        List<byte[]> slices = slices(upload.entries());
        MerkleTree tree = MerkleTree.of(leaves(round, slices));
        List<Outbox.Message> messages = new ArrayList<>(slices.size() + 1);
        for (int i = 0; i < slices.size(); i++) {
            MaskedChunk chunk = new MaskedChunk(
                    round.task().value(),
                    round.number(),
                    site.self().value(),
                    i,
                    slices.size(),
                    tree.proof(i).stream().map(ByteBuffer::wrap).toList(),
                    ByteBuffer.wrap(slices.get(i)));
            messages.add(new Outbox.Message(
                    Topics.UPDATES.name(), RecordKeys.update(round, new ChunkIndex(i)), AvroCodec.encode(chunk)));
        }
        messages.add(new Outbox.Message(
                Topics.MANIFESTS.name(), RecordKeys.manifest(round, site.self()), upload.manifest()));
        return messages;
    }

    /** The Merkle root of a stored upload, 32 bytes. */
    byte[] root(RoundId round, StoredUpload upload) {
        return MerkleTree.of(leaves(round, slices(upload.entries()))).root();
    }

    private List<byte[]> slices(byte[] entries) {
        int bytes = site.task().encoding().chunkEntries() * Integer.BYTES;
        List<byte[]> slices = new ArrayList<>();
        for (int from = 0; from < entries.length; from += bytes) {
            slices.add(Arrays.copyOfRange(entries, from, Math.min(entries.length, from + bytes)));
        }
        return slices;
    }

    private List<byte[]> leaves(RoundId round, List<byte[]> slices) {
        List<byte[]> leaves = new ArrayList<>(slices.size());
        for (int i = 0; i < slices.size(); i++) {
            leaves.add(ChunkHash.of(round, site.self(), new ChunkIndex(i), slices.get(i)));
        }
        return leaves;
    }
}
