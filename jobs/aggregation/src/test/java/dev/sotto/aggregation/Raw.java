package dev.sotto.aggregation;

import dev.sotto.connect.flink.RawRecord;
import dev.sotto.connect.flink.Refused;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.DeadLetter;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.MaskedChunk;
import dev.sotto.secagg.ChunkIndex;
import dev.sotto.secagg.SiteId;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

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

    static SignedManifest manifest(TestFederation federation, SiteId site, byte[] value, long timestamp)
            throws Exception {
        SignedRecord signed = federation.open(value);
        Manifest manifest = signed.payload(Manifest.class);
        return new SignedManifest(
                federation.round(manifest.getRound()).toString(),
                site.value(),
                AvroCodec.bytes(manifest.getRoot()),
                AvroCodec.encode(manifest),
                signed.position().sequence(),
                signed.position().head(),
                record(Topics.MANIFESTS.name(), value, timestamp));
    }

    /** A chunk as the topic of so many partitions has it. */
    static RawRecord chunk(TestFederation federation, byte[] value, int partitions, long timestamp) throws Exception {
        MaskedChunk chunk = AvroCodec.decode(value, MaskedChunk.class);
        byte[] key = RecordKeys.update(federation.round(chunk.getRound()), new ChunkIndex(chunk.getChunk()));
        int partition = BuiltInPartitioner.partitionForKey(key, partitions);
        return new RawRecord(Topics.UPDATES.name(), partition, 1, timestamp, key, value);
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
