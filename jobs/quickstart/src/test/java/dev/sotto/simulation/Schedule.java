package dev.sotto.simulation;

import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Tick;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.SiteId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One seed's course of a task: who is there, what goes wrong and when, until the task ends or must have ended. Every invariant
 * sees all of it. Not thread-safe.
 */
final class Schedule implements AutoCloseable {
    private static final long TICK = 5_000;
    private static final List<TopicSpec> REPLAYED = List.of(Topics.SITES, Topics.MANIFESTS, Topics.UPDATES);
    private static final Set<String> SIGNED = Set.of(
            Topics.SITES.name(),
            Topics.ROUNDS.name(),
            Topics.MANIFESTS.name(),
            Topics.ARRIVALS.name(),
            Topics.UNMASK.name(),
            Topics.MODELS.name(),
            Topics.LEDGER.name());

    /**
     * How a schedule went.
     *
     * @param rounds sums that were published and held
     * @param digest a hash of all that happened
     * @param most shares of the rarer secret that the server had of any site and round
     */
    record Outcome(long seed, Settings settings, int rounds, long digest, int most, long seconds) {}

    private final long seed;
    private final Breakage breakage;
    private final Simulation simulation;
    private final Settings settings;
    private final Faults faults;
    private final Broker broker;
    private final Cast cast;
    private final MemoryModels models = new MemoryModels();
    private final Contributions contributions;
    private final EnvelopeVerifier verifier;
    private final TreeMap<SiteId, SiteNode> sites = new TreeMap<>();
    private final List<Invariant> invariants = new ArrayList<>();
    private final SumIsExact sumIsExact;
    private final NeverBothSecrets neverBothSecrets;
    private final RoundEndsOrAborts roundEndsOrAborts;
    private final Story truth;
    private final @Nullable LyingServer lyingServer;
    private final CoordinationNode coordination;
    private final AggregationNode aggregation;
    private final byte[] tick;

    Schedule(long seed, Breakage breakage) {
        this.seed = seed;
        this.breakage = breakage;
        this.simulation = new Simulation(new SplittableRandom(seed));
        this.settings = breakage.settings(Settings.draw(simulation.random()));
        this.faults = breakage.faults(Faults.draw(simulation));
        this.broker = new Broker(simulation.clock);
        if (breakage.believesProducers()) {
            broker.believeProducers();
        }
        this.cast = Cast.of(settings.sites());
        this.contributions = new Contributions(settings.task());
        this.verifier = new EnvelopeVerifier(cast.trust());
        this.truth = new Story(settings.task().id(), cast);
        Set<SiteId> colluders = new TreeSet<>();
        cast.sites().keySet().stream().limit(settings.colluders()).forEach(colluders::add);
        boolean lies = settings.profile() == Settings.Profile.LYING_SERVER;
        this.lyingServer = lies ? new LyingServer(settings.task(), cast, colluders, models, simulation) : null;
        Set<SiteId> liars = assign();
        this.sumIsExact = new SumIsExact(settings.task(), contributions);
        this.neverBothSecrets = new NeverBothSecrets(colluders);
        this.roundEndsOrAborts = new RoundEndsOrAborts(faults.until());
        invariants.add(sumIsExact);
        invariants.add(neverBothSecrets);
        invariants.add(new OneAnswerPerRound(liars));
        invariants.add(new OneUploadPerRound(liars));
        invariants.add(new NobodyLateInTheSum());
        invariants.add(new TranscriptHasNoFork(liars));
        invariants.add(new BudgetNeverExceeded(settings.task()));
        if (!lies) {
            invariants.add(roundEndsOrAborts);
        }
        this.coordination = new CoordinationNode(simulation, faults, broker, settings, cast, breakage.functions());
        this.aggregation = new AggregationNode(
                simulation, faults, broker, settings, cast, models, breakage.stream(), UnaryOperator.identity());
        this.tick = cast.signer(Trust.COORDINATION)
                .sealBytes(settings.task().id(), Kind.TICK, TranscriptPosition.START, new Tick(VirtualClock.START));
        broker.onVisible(this::visible);
    }

    /** Gives every site its part; those that lie. */
    private Set<SiteId> assign() {
        Set<SiteId> liars = new TreeSet<>();
        List<SiteId> all = List.copyOf(cast.sites().keySet());
        if (settings.profile() == Settings.Profile.LYING_SITES) {
            int count = 1 + simulation.random().nextInt(settings.sites() - 4);
            while (liars.size() < count) {
                liars.add(all.get(simulation.random().nextInt(all.size())));
            }
        }
        for (SiteId site : all) {
            Liar liar = null;
            if (liars.contains(site)) {
                Liar.Lie lie = Liar.Lie.values()[simulation.random().nextInt(Liar.Lie.values().length)];
                liar = new Liar(
                        lie,
                        site,
                        settings.task(),
                        cast,
                        contributions,
                        new SplittableRandom(simulation.random().nextLong()));
                simulation.note(site + " lies: " + lie);
            }
            Story story = lyingServer == null ? truth : lyingServer.story(site);
            sites.put(site, new SiteNode(site, this, story, models, liar));
        }
        return liars;
    }

    Simulation simulation() {
        return simulation;
    }

    /** The last things that happened, one a line. */
    String history() {
        return simulation.history();
    }

    Settings settings() {
        return settings;
    }

    Faults faults() {
        return faults;
    }

    Broker broker() {
        return broker;
    }

    Cast cast() {
        return cast;
    }

    AggregationNode aggregation() {
        return aggregation;
    }

    Breakage breakage() {
        return breakage;
    }

    Contributions contributions() {
        return contributions;
    }

    Iterable<SiteNode> sites() {
        return sites.values();
    }

    /** Lets it happen. */
    Outcome run() throws Exception {
        long start = simulation.now();
        simulation.note("seed %d: %s, %s".formatted(seed, settings.profile(), faults));
        simulation.note(settings.task().toString());
        TaskStart.run(settings.task(), cast, models, broker);
        coordination.start();
        aggregation.start();
        sites.values().forEach(site -> simulation.after(faults.latency(simulation), site::start));
        simulation.after(TICK, this::tick);
        if (settings.profile() == Settings.Profile.FAULTS) {
            simulation.after(simulation.between(1_000, 60_000), this::pause);
        } else {
            simulation.after(simulation.between(1_000, 20_000), this::replay);
        }
        simulation.after(simulation.between(5_000, 200_000), this::cut);
        boolean lies = lyingServer != null;
        simulation.run(
                lies ? faults.until() + 60_000 : faults.until() + breakage.bound(),
                () -> roundEndsOrAborts.taskEnded() && settled());
        for (Invariant invariant : invariants) {
            invariant.finished(this);
        }
        return new Outcome(
                seed,
                settings,
                sumIsExact.checked(),
                simulation.digest(),
                neverBothSecrets.most(),
                (simulation.now() - start) / 1000);
    }

    private boolean settled() {
        return sites.values().stream().allMatch(site -> site.ended() || site.lies() || site.distrusts());
    }

    private void tick() {
        if (breakage.ticks()) {
            for (TopicPartition place : broker.partitionsOf(Topics.MANIFESTS)) {
                broker.append(place, new byte[0], tick);
            }
        }
        simulation.after(TICK, this::tick);
    }

    private void pause() {
        if (!faults.on(simulation)) {
            return;
        }
        SiteNode paused = anyone();
        paused.willing(false);
        simulation.after(simulation.between(1_000, 60_000), () -> paused.willing(true));
        simulation.after(simulation.between(10_000, 200_000), this::pause);
    }

    /** Power goes at a site, whatever it is doing. */
    private void cut() {
        if (faults.on(simulation) && faults.kill() > 0) {
            anyone().cut();
            simulation.after(simulation.between(5_000, 200_000), this::cut);
        }
    }

    private SiteNode anyone() {
        List<SiteNode> all = List.copyOf(sites.values());
        return all.get(simulation.random().nextInt(all.size()));
    }

    /** Somebody writes a site's record once more. */
    private void replay() {
        if (!faults.on(simulation)) {
            return;
        }
        TopicSpec topic = REPLAYED.get(simulation.random().nextInt(REPLAYED.size()));
        List<Broker.Entry> old = broker.committed(topic);
        if (!old.isEmpty()) {
            Broker.Entry again = old.get(simulation.random().nextInt(old.size()));
            broker.append(again.place(), again.key(), again.value());
        }
        simulation.after(simulation.between(500, 20_000), this::replay);
    }

    private void visible(Broker.Entry entry) {
        if (!SIGNED.contains(entry.topic())) {
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
            if (entry.topic().equals(Topics.ROUNDS.name())) {
                if (lyingServer == null) {
                    truth.follow(record);
                } else {
                    lyingServer.hear(record);
                }
                sites.values().forEach(SiteNode::moved);
            }
        } catch (RejectedRecordException e) {
            simulation.note("%s: noise".formatted(entry.place()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void sent(SiteId site, int block, SignedRecord record) throws RejectedRecordException {
        for (Invariant invariant : invariants) {
            invariant.sent(site, block, record);
        }
    }

    void dealt(SiteId site, BlockTerms terms) {
        invariants.forEach(invariant -> invariant.dealt(site, terms));
    }

    void reached(SiteId site, TranscriptPosition position) {
        invariants.forEach(invariant -> invariant.reached(site, position));
    }

    void restarting(SiteNode site) throws RejectedRecordException {
        if (lyingServer != null && faults.on(simulation)) {
            lyingServer.restarting(site.id(), site.offset());
        }
    }

    void distrusted(SiteId site, String why) {
        if (lyingServer == null) {
            throw new AssertionError("%s distrusts an honest server: %s".formatted(site, why));
        }
    }

    @Override
    public void close() throws Exception {
        aggregation.close();
    }
}
