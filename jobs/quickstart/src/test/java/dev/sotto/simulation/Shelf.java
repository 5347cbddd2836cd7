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
import java.util.function.UnaryOperator;

/**
 * Where operators, which are copied like those of a cluster, find what cannot be copied: one schedule's model store and log,
 * under a number. Thread-safe.
 */
final class Shelf implements AutoCloseable {
    /** Opens what a combiner reads. */
    interface Feeds {
        RecordFeed open(List<Integer> partitions, Map<Integer, Long> positions);
    }

    private record Kept(ModelStore store, Feeds feeds, UnaryOperator<ReleaseNoise> noise) {}

    private static final Map<Integer, Kept> SHELVES = new ConcurrentHashMap<>();
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final int number = NUMBERS.incrementAndGet();

    /**
     * Fills a shelf.
     *
     * @param noise what operators get in the place of the noise
     */
    Shelf(ModelStore store, Feeds feeds, UnaryOperator<ReleaseNoise> noise) {
        SHELVES.put(number, new Kept(store, feeds, noise));
    }

    /** What the job reads chunks from. */
    FeedOpener updates() {
        return new Updates(number);
    }

    AggregationCollaborators collaborators(int sites, long sigma) {
        return new AggregationCollaborators(new Signer(sites), new Noise(number, sigma), new Store(number));
    }

    @Override
    public void close() {
        SHELVES.remove(number);
    }

    private record Updates(int number) implements FeedOpener {
        @Override
        public int partitions() {
            return Topics.UPDATES.partitions();
        }

        @Override
        public RecordFeed open(int subtask, List<Integer> partitions, Map<Integer, Long> positions) {
            return SHELVES.get(number).feeds().open(partitions, positions);
        }
    }

    private record Signer(int sites) implements Opener<EnvelopeSigner> {
        @Override
        public EnvelopeSigner open() {
            return Cast.of(sites).signer(Trust.AGGREGATION);
        }
    }

    private record Noise(int number, long sigma) implements Opener<ReleaseNoise> {
        @Override
        public ReleaseNoise open() {
            if (sigma == 0) {
                // Sites add it as they train.
                return (sum, context) -> {
                    throw new IllegalStateException("noise is asked for where sites add it");
                };
            }
            byte[] secret = "the noise of simulated releases!!".getBytes(StandardCharsets.US_ASCII);
            return SHELVES.get(number).noise().apply(CentralDiscreteGaussian.create(NoiseSecret.of(secret), sigma));
        }
    }

    private record Store(int number) implements Opener<ModelStore> {
        @Override
        public ModelStore open() {
            return SHELVES.get(number).store();
        }
    }
}
