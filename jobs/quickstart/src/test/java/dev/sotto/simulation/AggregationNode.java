package dev.sotto.simulation;

import dev.sotto.aggregation.AggregationJob;
import dev.sotto.aggregation.AggregationSinks;
import dev.sotto.aggregation.AggregationSources;
import dev.sotto.aggregation.WindowTiming;
import dev.sotto.connect.flink.OutgoingRecord;
import dev.sotto.connect.flink.RawRecord;
import dev.sotto.connect.flink.RecordFeed;
import dev.sotto.connect.flink.Refused;
import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.Topics;
import dev.sotto.federation.ModelStore;
import dev.sotto.privacy.Digest;
import dev.sotto.privacy.ReleaseNoise;
import dev.sotto.simulation.stream.StreamJob;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The aggregation job: its own topology and operators, restored from its checkpoints, sometimes at another scale. Not thread-safe. */
final class AggregationNode extends ServerNode implements AutoCloseable {
    private static final List<TopicSpec> READ = List.of(Topics.ROUNDS, Topics.MANIFESTS, Topics.UNMASK);
    private static final long LOOKS_AGAIN = 30;

    private final Settings settings;
    private final Cast cast;
    private final Broker broker;
    private final Shelf shelf;
    private final StreamJob.Meddler meddler;
    private final Map<String, Source<RawRecord, ?, ?>> sources = new LinkedHashMap<>();
    private final Sink<OutgoingRecord> arrivals = Endpoints.sink();
    private final Sink<OutgoingRecord> models = Endpoints.sink();
    private final Sink<Refused> refused = Endpoints.sink();
    private final Map<Integer, StreamExecutionEnvironment> defined = new HashMap<>();
    private final List<SimulatedFeed> feeds = new ArrayList<>();
    private @Nullable StreamJob job;

    AggregationNode(
            Simulation simulation,
            Faults faults,
            Broker broker,
            Settings settings,
            Cast cast,
            ModelStore store,
            StreamJob.Meddler meddler,
            UnaryOperator<ReleaseNoise> noise) {
        super("aggregation", simulation, faults, broker, places(broker));
        this.settings = settings;
        this.cast = cast;
        this.broker = broker;
        this.meddler = meddler;
        this.shelf = new Shelf(new SteppedStore(store, this::step), this::open, honest -> stepped(noise.apply(honest)));
        READ.forEach(topic -> sources.put(topic.name(), Endpoints.source()));
    }

    private static List<TopicPartition> places(Broker broker) {
        List<TopicPartition> places = new ArrayList<>();
        READ.forEach(topic -> places.addAll(broker.partitionsOf(topic)));
        return places;
    }

    /** Noise before and after which there is a step, and of which the second says all. */
    private ReleaseNoise stepped(ReleaseNoise noise) {
        return (sum, context) -> {
            step("draws noise");
            Digest exact = Digest.sha256(sum);
            noise.addTo(sum, context);
            step("has noised %s, %s: %s".formatted(context, exact, Digest.sha256(sum)));
        };
    }

    @Override
    protected void begin(@Nullable Object state) throws Exception {
        int parallelism = faults.on(simulation) && simulation.chance(0.3)
                ? 1 + simulation.random().nextInt(2)
                : settings.parallelism();
        StreamExecutionEnvironment env = defined.computeIfAbsent(parallelism, this::define);
        Map<Source<?, ?, ?>, List<String>> splits = new HashMap<>();
        for (TopicSpec topic : READ) {
            splits.put(
                    source(topic),
                    broker.partitionsOf(topic).stream()
                            .map(TopicPartition::toString)
                            .toList());
        }
        job = new StreamJob(
                env,
                splits,
                (StreamJob.Checkpoint) state,
                simulation.clock,
                new SplittableRandom(simulation.random().nextLong()),
                this::arrived,
                meddler);
    }

    private StreamExecutionEnvironment define(int parallelism) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment();
        env.setParallelism(parallelism);
        new AggregationJob(
                        settings.task(),
                        cast.trust(),
                        new AggregationSources(
                                source(Topics.ROUNDS),
                                shelf.updates(),
                                source(Topics.MANIFESTS),
                                source(Topics.UNMASK)),
                        new AggregationSinks(arrivals, models, refused),
                        shelf.collaborators(settings.sites(), settings.task().sigma()),
                        WindowTiming.DEFAULT)
                .define(env);
        return env;
    }

    private Source<RawRecord, ?, ?> source(TopicSpec topic) {
        return sources.get(topic.name());
    }

    private void arrived(Sink<?> sink, Object value) {
        if (sink == refused) {
            Refused letter = (Refused) value;
            simulation.note(
                    "aggregation refuses a record of %s: %s".formatted(letter.deadLetterTopic(), letter.reason()));
            return;
        }
        OutgoingRecord record = (OutgoingRecord) value;
        write((sink == arrivals ? Topics.ARRIVALS : Topics.MODELS).name(), record.key(), record.value());
    }

    /** Opens a combiner's feed, where the combiner's own state says. */
    private RecordFeed open(List<Integer> partitions, Map<Integer, Long> positions) {
        SimulatedFeed feed = new SimulatedFeed(simulation, faults, broker, partitions, positions, this::fetched);
        feeds.add(feed);
        return feed;
    }

    private void fetched() throws Exception {
        changed();
        running().passTime();
        somethingToDo();
        // A combiner that has found nothing looks again after a while.
        int within = incarnation();
        simulation.after(LOOKS_AGAIN, () -> {
            if (incarnation() == within) {
                running().passTime();
                somethingToDo();
            }
        });
    }

    @Override
    protected void end() throws Exception {
        feeds.forEach(SimulatedFeed::stop);
        feeds.clear();
        if (job != null) {
            job.close();
            job = null;
        }
    }

    @Override
    public void close() throws Exception {
        end();
        shelf.close();
    }

    @Override
    protected void take(Broker.Entry entry) throws Exception {
        TopicPartition place = entry.place();
        RawRecord record = new RawRecord(
                place.topic(), place.partition(), entry.offset(), entry.timestamp(), entry.key(), entry.value());
        running().feed(sources.get(place.topic()), place.toString(), place.partition(), record, entry.timestamp());
        running().periodic();
        running().passTime();
    }

    @Override
    protected boolean matters(Broker.Entry entry) {
        // Ticks are most of what comes, and a tick is made up for by the next.
        return entry.key() != null && entry.key().length > 0;
    }

    @Override
    protected boolean busy() {
        return running().busy();
    }

    @Override
    protected void work(int most) throws Exception {
        running().work(most);
    }

    @Override
    protected Object snapshot() throws Exception {
        return running().checkpoint();
    }

    @Override
    protected void completed() throws Exception {
        running().completed();
    }

    private StreamJob running() {
        StreamJob running = job;
        if (running == null) {
            throw new IllegalStateException("aggregation is down");
        }
        return running;
    }
}
