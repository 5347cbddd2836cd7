package dev.sotto.aggregation;

import dev.sotto.contracts.Topics;
import dev.sotto.federation.ChunkLayout;
import dev.sotto.secagg.ChunkHash;
import dev.sotto.secagg.ChunkIndex;
import dev.sotto.secagg.MerkleTree;
import dev.sotto.secagg.Ring;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;

/**
 * What can be written by hand instead of the job: a consumer a thread, each with partitions of its own, that unpacks every
 * chunk, checks its hash and proof against its site's root and adds it to its place's sum; or that reads alone. It does as the
 * job does what the job does well: values are not copied out of the fetched buffers.
 */
final class ConsumerLoop {
    private final String bootstrap;
    private final BenchRound round;
    private final boolean adds;
    private final int[][] sums;

    ConsumerLoop(String bootstrap, BenchRound round, boolean adds) {
        this.bootstrap = bootstrap;
        this.round = round;
        this.adds = adds;
        this.sums = new int[round.federation().task().chunks().chunks()][];
    }

    /** Reads everything with so many threads and returns the speed. */
    Speed run(int threads) throws Exception {
        Speed speed = new Speed(round.bytes());
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Integer>> readers = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                List<TopicPartition> mine = new ArrayList<>();
                for (int partition = thread; partition < Topics.UPDATES.partitions(); partition += threads) {
                    mine.add(new TopicPartition(round.topic(Topics.UPDATES.name()), partition));
                }
                readers.add(() -> read(mine, speed));
            }
            int records = 0;
            for (Future<Integer> read : pool.invokeAll(readers)) {
                records += read.get();
            }
            if (records != round.records()) {
                throw new IllegalStateException(records + " chunks instead of " + round.records());
            }
        } finally {
            pool.shutdown();
        }
        return speed;
    }

    private int read(List<TopicPartition> partitions, Speed speed) throws Exception {
        Reader reader = new Reader();
        int records = 0;
        try (KafkaConsumer<byte[], ByteBuffer> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "isolation.level",
                        "read_committed",
                        "fetch.max.bytes",
                        8 * 1024 * 1024,
                        "max.partition.fetch.bytes",
                        8 * 1024 * 1024),
                new ByteArrayDeserializer(),
                new ByteBufferDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            speed.begin();
            while (!speed.readAll()) {
                long bytes = 0;
                for (ConsumerRecord<byte[], ByteBuffer> record : consumer.poll(Duration.ofMillis(200))) {
                    bytes += record.value().remaining();
                    records++;
                    if (adds) {
                        reader.add(record.value());
                    }
                }
                speed.read(bytes);
                if (speed.readAll()) {
                    speed.end();
                }
            }
        }
        return records;
    }

    private final class Reader {
        private final ChunkView view = new ChunkView();
        private final ChunkLayout layout = round.federation().task().chunks();
        private final Ring ring = round.federation().task().encoding().ring();
        private final RoundId id = round.federation().round(1);

        void add(ByteBuffer in) throws Exception {
            byte[] value = in.array();
            view.read(value, in.arrayOffset() + in.position(), in.remaining());
            int chunk = view.chunk();
            SiteId site = new SiteId(view.site().toString());
            byte[] leaf = ChunkHash.of(id, site, new ChunkIndex(chunk), value, view.from(), view.length());
            byte[] root = MerkleTree.rootOf(leaf, chunk, view.chunks(), view.proof());
            if (!Arrays.equals(root, round.root(site.value()))) {
                throw new IllegalStateException("chunk " + chunk + " of " + site + " is not its site's");
            }
            int[] sum = sums[chunk];
            if (sum == null) {
                sum = new int[layout.entriesOf(chunk)];
                sums[chunk] = sum;
            }
            ring.add(value, view.from(), sum, 0, sum.length);
        }
    }

    /** The sum of a place. */
    int[] sum(int chunk) {
        return sums[chunk];
    }
}
