package dev.sotto.aggregation;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.MaskedChunk;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ChunkLayout;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.ChunkHash;
import dev.sotto.secagg.ChunkIndex;
import dev.sotto.secagg.MerkleTree;
import dev.sotto.secagg.Ring;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One opened round with the uploads of all its sites, in topics of its own: each upload signed, hashed and sent in one
 * transaction. Masked entries look like noise, so noise stands for them.
 */
final class BenchRound {
    private final TestFederation federation;
    private final String name;
    private final int sites;
    private final Map<String, byte[]> roots = new HashMap<>();
    private long bytes;

    private BenchRound(TestFederation federation, String name, int sites) {
        this.federation = federation;
        this.name = name;
        this.sites = sites;
    }

    /** A task whose adapter has about so many parameters, in multiples of 262,144, in chunks of 256 KiB. */
    static TaskDefinition task(int millions4) throws Exception {
        List<Integer> layers = new ArrayList<>();
        for (int layer = 0; layer < millions4; layer++) {
            layers.add(layer);
        }
        return TestFederation.taskWith(
                "layers: 2, hidden: 64",
                "layers: 16, hidden: 1024",
                "rank: 4, alpha: 8, layers: [1]",
                "rank: 64, alpha: 64, layers: " + layers,
                "perBlock: 4",
                "perBlock: 1",
                "chunkEntries: 256",
                "chunkEntries: 65536",
                "scale: 65536",
                "scale: 1024");
    }

    /**
     * Creates the topics and sends everything.
     *
     * @param sites how many of the federation's upload; if not all do, the window stays open
     */
    static BenchRound send(String bootstrap, String name, TestFederation federation, int sites) throws Exception {
        BenchRound round = new BenchRound(federation, name, sites);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(
                            round.topic(Topics.ROUNDS.name(), 1),
                            round.topic(Topics.UNMASK.name(), 1),
                            round.topic(Topics.MANIFESTS.name(), Topics.MANIFESTS.partitions()),
                            round.topic(Topics.UPDATES.name(), Topics.UPDATES.partitions())))
                    .all()
                    .get();
        }
        round.sendAll(bootstrap);
        return round;
    }

    private NewTopic topic(String base, int partitions) {
        return new NewTopic(topic(base), partitions, (short) 1)
                .configs(Map.of("message.timestamp.type", "LogAppendTime", "max.message.bytes", "1048576"));
    }

    private void sendAll(String bootstrap) throws Exception {
        Checkpoint model = Checkpoint.initial(federation.task(), 7);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "transactional.id", name, "batch.size", 65536),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            byte[] open = federation.roundOpen(federation.openRecord(
                    1, model, URI.create("file:///nowhere/"), System.currentTimeMillis() + 86_400_000));
            byte[] key = RecordKeys.transcript(federation.task().id(), federation.sequence())
                    .getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(topic(Topics.ROUNDS.name()), key, open));
            producer.commitTransaction();
            for (int site = 0; site < sites; site++) {
                producer.beginTransaction();
                upload(producer, TestFederation.site(site), model.sha256(), site);
                producer.commitTransaction();
            }
        }
    }

    private void upload(KafkaProducer<byte[], byte[]> producer, SiteId site, byte[] modelHash, long seed) {
        RoundId round = federation.round(1);
        ChunkLayout layout = federation.task().chunks();
        Ring ring = federation.task().encoding().ring();
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> data = new ArrayList<>();
        List<byte[]> leaves = new ArrayList<>();
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            byte[] entries = new byte[ring.bytes(layout.entriesOf(chunk))];
            random.nextBytes(entries);
            data.add(entries);
            leaves.add(ChunkHash.of(round, site, new ChunkIndex(chunk), entries));
        }
        MerkleTree tree = MerkleTree.of(leaves);
        for (int chunk = 0; chunk < data.size(); chunk++) {
            byte[] value = AvroCodec.encode(new MaskedChunk(
                    federation.task().task(),
                    1,
                    site.value(),
                    chunk,
                    data.size(),
                    tree.proof(chunk).stream().map(ByteBuffer::wrap).toList(),
                    ByteBuffer.wrap(data.get(chunk))));
            bytes += value.length;
            producer.send(new ProducerRecord<>(
                    topic(Topics.UPDATES.name()), RecordKeys.update(round, new ChunkIndex(chunk)), value));
        }
        byte[] manifest = federation.manifest(site, federation.manifestRecord(1, data.size(), tree.root(), modelHash));
        producer.send(new ProducerRecord<>(topic(Topics.MANIFESTS.name()), RecordKeys.manifest(round, site), manifest));
        roots.put(site.value(), tree.root());
    }

    TestFederation federation() {
        return federation;
    }

    /** The round's own copy of a topic of the catalogue. */
    String topic(String base) {
        return name + "." + base;
    }

    int sites() {
        return sites;
    }

    int parameters() {
        return federation.task().layout().size();
    }

    /** Bytes of all chunk records' values. */
    long bytes() {
        return bytes;
    }

    /** The root of a site's upload. */
    byte[] root(String site) {
        return roots.get(site);
    }

    /** How many chunk records there are. */
    int records() {
        return sites * federation.task().chunks().chunks();
    }
}
