package dev.sotto.simulation;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.audit.TranscriptEntry;
import dev.sotto.contracts.audit.TranscriptFile;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.RoundResult;
import dev.sotto.contracts.avro.Tick;
import dev.sotto.contracts.avro.Unmask;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import dev.sotto.simulation.stream.StreamJob;
import dev.sotto.site.DistrustException;
import dev.sotto.site.LocalUpdate;
import dev.sotto.site.SimulatedSite;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;

/**
 * A large federation without faults but for the sites that drop out of every round: what it takes is measured, not what
 * goes wrong. Sites work in parallel, everything else in one thread; not thread-safe itself.
 */
final class ManySites implements AutoCloseable {
    private static final long TICK = 5_000;

    private final Settings settings;
    private final Cast cast;
    private final Simulation simulation = new Simulation(new SplittableRandom(1));
    private final Broker broker = new Broker(simulation.clock);
    private final MemoryModels models = new MemoryModels();
    private final Contributions contributions;
    private final EnvelopeVerifier verifier;
    private final Story story;
    private final SumIsExact sumIsExact;
    private final List<Invariant> invariants = new ArrayList<>();
    private final CoordinationNode coordination;
    private final AggregationNode aggregation;
    private final TreeMap<SiteId, SimulatedSite> sites = new TreeMap<>();
    private final List<RoundOpen> opened = new ArrayList<>();
    private final List<RoundResult> results = new ArrayList<>();
    private final List<ModelAnnounced> announced = new ArrayList<>();
    private final List<TranscriptEntry> transcript = new ArrayList<>();
    private final ExecutorService pool;
    private final int dropouts;
    private final Mishap mishap;
    private final List<UnmaskSeeds> seeds = new ArrayList<>();
    private final byte[] tick;
    private final AtomicInteger graphs = new AtomicInteger();
    private long siteNanos;
    private boolean turning;
    private boolean ended;

    /**
     * A federation.
     *
     * @param dropouts how many sites do not upload in a round
     */
    ManySites(Settings settings, int dropouts, int threads) {
        this(settings, dropouts, threads, Mishap.NONE);
    }

    /**
     * A federation with faults of its sites.
     *
     * @param dropouts how many sites do not upload in a round
     */
    ManySites(Settings settings, int dropouts, int threads, Mishap mishap) {
        this.mishap = mishap;
        this.settings = settings;
        this.dropouts = dropouts;
        this.cast = Cast.of(settings.sites());
        this.contributions = new Contributions(settings.task());
        this.verifier = new EnvelopeVerifier(cast.trust());
        this.story = new Story(settings.task().id(), cast);
        this.pool = Executors.newFixedThreadPool(threads);
        this.sumIsExact = new SumIsExact(settings.task(), contributions);
        // Two encodings of one update are the same where sites add no noise and it is a whole number of lattice points.
        if (!settings.task().privacy().distributed()
                && settings.task().encoding().adaptive() == null) {
            invariants.add(sumIsExact);
        }
        invariants.add(new NobodyLateInTheSum());
        invariants.add(new TranscriptHasNoFork(Set.of()));
        invariants.add(new BudgetNeverExceeded(settings.task()));
        this.coordination =
                new CoordinationNode(simulation, Faults.none(), broker, settings, cast, Breakage.NONE.functions());
        StreamJob.Meddler nobody = Breakage.NONE.stream();
        this.aggregation =
                new AggregationNode(simulation, Faults.none(), broker, settings, cast, models, nobody, mishap::noise);
        this.tick = cast.signer(Trust.COORDINATION)
                .sealBytes(settings.task().id(), Kind.TICK, TranscriptPosition.START, new Tick(VirtualClock.START));
        broker.onVisible(this::visible);
        for (SiteId site : cast.sites().keySet()) {
            sites.put(site, site(site));
        }
    }

    private SimulatedSite site(SiteId id) {
        return new SimulatedSite(
                new SimulatedSite.Terms(
                        id, settings.task(), cast.trust(), cast.sites().get(id), models, simulation.clock),
                terms -> train(id, terms.round()),
                () -> true,
                new SeededRandom(id.hashCode()),
                new Around(id),
                event -> {
                    if (event.startsWith("Dealt")) {
                        graphs.incrementAndGet();
                    }
                });
    }

    private LocalUpdate.TrainedUpdate train(SiteId site, RoundId round) {
        int place = List.copyOf(sites.keySet()).indexOf(site);
        int first = round.number() * dropouts;
        if (Math.floorMod(place - first, settings.sites()) < dropouts) {
            throw new IllegalStateException("this site drops out of round " + round);
        }
        synchronized (contributions) {
            return contributions.train(site, round);
        }
    }

    List<RoundOpen> opened() {
        return opened;
    }

    List<RoundResult> results() {
        return results;
    }

    /** Every model announced so far, the first one included. */
    List<ModelAnnounced> announced() {
        return announced;
    }

    /** Puts task file, trust file and transcript where commands can read them: task.yaml, trust.yaml, transcript.jsonl. */
    void export(Path directory) throws IOException {
        ObjectMapper json = new ObjectMapper();
        json.writeValue(directory.resolve("task.yaml").toFile(), settings.task());
        json.writeValue(directory.resolve("trust.yaml").toFile(), cast.trust());
        try (TranscriptFile.Output file = TranscriptFile.create(
                directory.resolve("transcript.jsonl"), settings.task().id())) {
            for (TranscriptEntry entry : transcript) {
                file.write(entry);
            }
            file.finish();
        }
    }

    /** What masks, and noise, were taken off with, round by round. */
    List<UnmaskSeeds> seeds() {
        return seeds;
    }

    Checkpoint model(ModelAnnounced of) throws IOException {
        return models.get(URI.create(of.getLocation()), AvroCodec.bytes(of.getSha256()));
    }

    float[] update(SiteId site, int round) {
        return contributions.update(site, round);
    }

    List<Double> tally(SiteId site, int round) {
        return contributions.tally(site, round);
    }

    int exactSums() {
        return sumIsExact.checked();
    }

    /** Bundles dealt so far. */
    int dealt() {
        return graphs.get();
    }

    /** Seconds of wall time that went into sites. */
    double siteSeconds() {
        return siteNanos / 1e9;
    }

    String history() {
        return simulation.history();
    }

    /** Runs the task to its end, or until so much virtual time has passed. */
    void run(long until) throws Exception {
        TaskStart.run(settings.task(), cast, models, broker);
        for (SimulatedSite site : sites.values()) {
            site.start();
        }
        coordination.start();
        aggregation.start();
        simulation.after(0, this::turn);
        simulation.after(TICK, this::tick);
        simulation.run(simulation.now() + until, () -> ended && !turning);
    }

    private void tick() {
        for (TopicPartition place : broker.partitionsOf(Topics.MANIFESTS)) {
            broker.append(place, new byte[0], tick);
        }
        simulation.after(TICK, this::tick);
    }

    private void moved() {
        if (!turning) {
            turning = true;
            simulation.after(100, this::turn);
        }
    }

    /** Lets every site read to the end and act on it. */
    private void turn() throws Exception {
        turning = false;
        long start = System.nanoTime();
        List<Future<?>> working = new ArrayList<>();
        for (SimulatedSite site : sites.values()) {
            working.add(pool.submit(() -> {
                do {
                    turn(site);
                } while (site.offset() < story.size());
                turn(site);
                return site;
            }));
        }
        try {
            for (Future<?> site : working) {
                site.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DistrustException distrust) {
                throw new AssertionError("a site distrusts an honest server", distrust);
            }
            throw new AssertionError("a site failed", e.getCause());
        }
        siteNanos += System.nanoTime() - start;
    }

    private static void turn(SimulatedSite site) throws DistrustException {
        try {
            site.turn();
        } catch (SimulatedSite.Killed e) {
            site.kill();
            site.start();
        }
    }

    private void visible(Broker.Entry entry) {
        if (entry.topic().equals(Topics.UPDATES.name()) || entry.topic().endsWith(".dlq")) {
            return;
        }
        try {
            SignedRecord record = verifier.open(entry.value());
            if (record.kind() == Kind.TICK) {
                return;
            }
            simulation.note("%s: %s of %s".formatted(entry.place(), record.kind(), record.signer()));
            for (Invariant invariant : invariants) {
                invariant.visible(entry, record);
            }
            if (record.kind() == Kind.MODEL) {
                announced.add(record.payload(ModelAnnounced.class));
            }
            if (record.kind() == Kind.UNMASK_SEEDS) {
                seeds.add(record.payload(UnmaskSeeds.class));
            }
            if (record.kind() == Kind.ROUND_OPEN) {
                opened.add(record.payload(RoundOpen.class));
            }
            if (record.kind() == Kind.ROUND_RESULT) {
                results.add(record.payload(RoundResult.class));
            }
            if (entry.topic().equals(Topics.ROUNDS.name())) {
                transcript.add(new TranscriptEntry(entry.topic(), entry.offset(), entry.key(), entry.value()));
                ended |= record.kind() == Kind.TASK_END;
                story.follow(record);
                moved();
            }
        } catch (RejectedRecordException e) {
            throw new AssertionError("somebody writes noise into " + entry.place(), e);
        }
    }

    @Override
    public void close() throws Exception {
        pool.shutdownNow();
        aggregation.close();
    }

    /** What a site sees of the world: no faults, one writer at a time. */
    private final class Around implements SimulatedSite.World {
        private final SiteId id;

        Around(SiteId id) {
            this.id = id;
        }

        @Override
        public List<byte[]> transcript(long offset, int most) {
            return story.from(offset, most);
        }

        @Override
        public boolean atEnd(long offset) {
            return offset >= story.size();
        }

        @Override
        public void point(String what) {
            if (mishap.kills(id, what)) {
                throw new SimulatedSite.Killed(what);
            }
        }

        @Override
        public Optional<byte[]> written(String name, byte[] bytes) {
            return mishap.written(id, name, bytes);
        }

        @Override
        public void send(List<SimulatedSite.Outgoing> records) {
            if (isLost(records)) {
                return;
            }
            synchronized (broker) {
                Broker.Transaction transaction = broker.begin("site-" + id);
                for (SimulatedSite.Outgoing record : records) {
                    if (record.topic().equals(Topics.MANIFESTS.name())) {
                        sign(record);
                    }
                    broker.append(transaction, record.topic(), record.key(), record.value(), simulation.clock.millis());
                }
                broker.commit(transaction);
            }
        }

        private boolean isLost(List<SimulatedSite.Outgoing> records) {
            try {
                SignedRecord first =
                        verifier.open(records.get(records.size() - 1).value());
                return first.kind() == Kind.UNMASK
                        && mishap.loses(id, first.payload(Unmask.class).getRound());
            } catch (RejectedRecordException e) {
                throw new AssertionError(e);
            }
        }

        private void sign(SimulatedSite.Outgoing record) {
            try {
                Manifest manifest = verifier.open(record.value()).payload(Manifest.class);
                synchronized (contributions) {
                    contributions.signed(id, manifest.getRound(), manifest.getRoot());
                }
            } catch (RejectedRecordException e) {
                throw new AssertionError(e);
            }
        }
    }
}
