package dev.sotto.aggregation;

import dev.sotto.connect.flink.RawRecord;
import dev.sotto.connect.flink.Refused;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.DeadLetter;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.MaskedChunk;
import dev.sotto.secagg.ChunkHash;
import dev.sotto.secagg.ChunkIndex;
import dev.sotto.secagg.MerkleTree;
import dev.sotto.secagg.SiteId;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Records as operators see them, for tests of one operator. */
final class Raw {
    private Raw() {}

    static RawRecord record(String topic, byte[] value, long timestamp) {
        return new RawRecord(topic, 0, 1, timestamp, null, value);
    }

    static RoundNews news(TestFederation federation, int round, Class<? extends SpecificRecordBase> type, byte[] value)
            throws Exception {
        SignedRecord signed = federation.open(value);
        boolean transcript = signed.kind() != Kind.UNMASK_SEEDS;
        return new RoundNews(
                federation.round(round).toString(),
                signed.kind(),
                transcript ? signed.reached().sequence() : 0,
                transcript ? signed.reached().head() : new byte[0],
                AvroCodec.encode(signed.payload(type)),
                record(transcript ? Topics.ROUNDS.name() : Topics.UNMASK.name(), value, 0));
    }

    static UploadNews manifest(TestFederation federation, SiteId site, byte[] value, long timestamp) throws Exception {
        Manifest manifest = federation.open(value).payload(Manifest.class);
        return UploadNews.manifest(
                federation.round(manifest.getRound()).toString(),
                site.value(),
                AvroCodec.bytes(manifest.getRoot()),
                AvroCodec.encode(manifest),
                record(Topics.MANIFESTS.name(), value, timestamp));
    }

    static VerifiedChunk chunk(TestFederation federation, byte[] value, long timestamp) throws Exception {
        MaskedChunk chunk = AvroCodec.decode(value, MaskedChunk.class);
        byte[] leaf = ChunkHash.of(
                federation.round(chunk.getRound()),
                new SiteId(chunk.getSite()),
                new ChunkIndex(chunk.getChunk()),
                AvroCodec.bytes(chunk.getData()));
        List<byte[]> proof = chunk.getProof().stream().map(AvroCodec::bytes).toList();
        return new VerifiedChunk(
                chunk.getTask(),
                chunk.getRound(),
                chunk.getSite(),
                chunk.getChunk(),
                MerkleTree.rootOf(leaf, chunk.getChunk(), chunk.getChunks(), proof),
                value.length - chunk.getData().remaining(),
                record(Topics.UPDATES.name(), value, timestamp));
    }

    /** The reasons of refusals that an operator put out. */
    static List<String> reasons(Iterable<StreamRecord<Refused>> refused) throws Exception {
        List<String> reasons = new ArrayList<>();
        if (refused != null) {
            for (StreamRecord<Refused> record : refused) {
                reasons.add(AvroCodec.decode(record.getValue().letter(), DeadLetter.class)
                        .getReason());
            }
        }
        return reasons;
    }
}
