package dev.sotto.simulation;

import dev.sotto.aggregation.AggregationCollaborators;
import dev.sotto.aggregation.Opener;
import dev.sotto.connect.flink.FeedOpener;
import dev.sotto.connect.flink.RecordFeed;
import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.Topics;
import dev.sotto.federation.ModelStore;
import dev.sotto.federation.Trust;
import dev.sotto.privacy.CentralDiscreteGaussian;
import dev.sotto.privacy.NoiseSecret;
import dev.sotto.privacy.ReleaseNoise;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where operators, which are copied like those of a cluster, find what cannot be copied: one schedule's model store and log,
 * under a number. Thread-safe.
 */
final class Shelf implements AutoCloseable {
    /** Opens what a combiner reads. */
    interface Feeds {
        RecordFeed open(List<Integer> partitions, Map<Integer, Long> positions);
    }

    private static final Map<Integer, ModelStore> STORES = new ConcurrentHashMap<>();
    private static final Map<Integer, Feeds> FEEDS = new ConcurrentHashMap<>();
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final int number = NUMBERS.incrementAndGet();

    Shelf(ModelStore store, Feeds feeds) {
        STORES.put(number, store);
        FEEDS.put(number, feeds);
    }

    /** What the job reads chunks from. */
    FeedOpener updates() {
        return new Updates(number);
    }

    AggregationCollaborators collaborators(int sites, long sigma) {
        return new AggregationCollaborators(new Signer(sites), new Noise(sigma), new Store(number));
    }

    @Override
    public void close() {
        STORES.remove(number);
        FEEDS.remove(number);
    }

    private record Updates(int number) implements FeedOpener {
        @Override
        public int partitions() {
            return Topics.UPDATES.partitions();
        }

        @Override
        public RecordFeed open(int subtask, List<Integer> partitions, Map<Integer, Long> positions) {
            return FEEDS.get(number).open(partitions, positions);
        }
    }

    private record Signer(int sites) implements Opener<EnvelopeSigner> {
        @Override
        public EnvelopeSigner open() {
            return Cast.of(sites).signer(Trust.AGGREGATION);
        }
    }

    private record Noise(long sigma) implements Opener<ReleaseNoise> {
        @Override
        public ReleaseNoise open() {
            byte[] secret = "the noise of simulated releases!!".getBytes(StandardCharsets.US_ASCII);
            return CentralDiscreteGaussian.create(NoiseSecret.of(secret), sigma);
        }
    }

    private record Store(int number) implements Opener<ModelStore> {
        @Override
        public ModelStore open() {
            return STORES.get(number);
        }
    }
}
