package dev.sotto.simulation;

import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.federation.ModelStore;
import dev.sotto.secagg.SiteId;
import dev.sotto.site.DistrustException;
import dev.sotto.site.SimulatedSite;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A site in the world: it may die at every write, its transactions may be slow, lost or not acknowledged. Not thread-safe. */
final class SiteNode implements SimulatedSite.World {
    private static final long TRANSACTION = 60_000;

    private final SiteId id;
    private final Schedule schedule;
    private final Simulation simulation;
    private final Faults faults;
    private final Broker broker;
    private final Story story;
    private final @Nullable Liar liar;
    private final EnvelopeVerifier verifier;
    private final SimulatedSite site;
    private final VirtualClock clock;
    private boolean willing = true;
    private boolean distrusts;
    private boolean turning;
    private long busyUntil;
    private int incarnation;
    private Broker.@Nullable Transaction committing;

    SiteNode(SiteId id, Schedule schedule, Story story, ModelStore models, @Nullable Liar liar) {
        this.id = id;
        this.schedule = schedule;
        this.simulation = schedule.simulation();
        this.faults = schedule.faults();
        this.broker = schedule.broker();
        this.story = story;
        this.liar = liar;
        this.verifier = new EnvelopeVerifier(schedule.cast().trust());
        // Nobody's clock is right.
        this.clock = simulation.clock.skewed(simulation.random().nextInt(-4_000, 2_000));
        this.site = new SimulatedSite(
                new SimulatedSite.Terms(
                        id,
                        schedule.settings().task(),
                        schedule.cast().trust(),
                        schedule.cast().sites().get(id),
                        models,
                        clock),
                terms -> schedule.contributions().train(id, terms.round()),
                () -> willing,
                new SeededRandom(simulation.random().nextLong()),
                this,
                event -> simulation.note(id + " " + event));
    }

    SiteId id() {
        return id;
    }

    boolean distrusts() {
        return distrusts;
    }

    boolean lies() {
        return liar != null;
    }

    boolean ended() {
        return site.running() && site.state().equals("Ended");
    }

    String state() {
        return distrusts ? "Distrusts" : site.running() ? site.state() : "down";
    }

    int offset() {
        return (int) site.offset();
    }

    void start() {
        incarnation++;
        if (schedule.breakage().forgets(id)) {
            site.forget();
        }
        try {
            simulation.note(id + " starts");
            site.start();
        } catch (DistrustException e) {
            distrust(e);
            return;
        } catch (SimulatedSite.Killed e) {
            die(e);
            return;
        }
        turning = false;
        moved();
    }

    /** There is more to read, or something else has changed. */
    void moved() {
        if (turning || distrusts || !site.running()) {
            return;
        }
        turning = true;
        int within = incarnation;
        long busy = Math.max(0, busyUntil - simulation.now());
        simulation.after(busy + faults.latency(simulation), () -> {
            if (incarnation == within) {
                turning = false;
                turn();
            }
        });
    }

    private void turn() {
        long before = site.offset();
        try {
            site.turn();
            schedule.reached(id, site.reached());
        } catch (DistrustException e) {
            distrust(e);
            return;
        } catch (SimulatedSite.Killed e) {
            die(e);
            return;
        }
        if (site.offset() > before || site.offset() < story.size()) {
            moved();
        }
    }

    private void distrust(DistrustException e) {
        simulation.note("%s distrusts: %s".formatted(id, e.getMessage()));
        distrusts = true;
        site.kill();
        schedule.distrusted(id, String.valueOf(e.getMessage()));
    }

    private void die(SimulatedSite.Killed where) {
        simulation.note("%s dies %s".formatted(id, where.getMessage()));
        site.kill();
        incarnation++;
        turning = false;
        long down = simulation.chance(0.15) ? simulation.between(5_000, 90_000) : simulation.between(100, 5_000);
        int within = incarnation;
        simulation.after(down, () -> {
            if (incarnation == within) {
                schedule.restarting(this);
                start();
            }
        });
    }

    /** Kills it from outside, as a power cut does. */
    void cut() {
        if (site.running()) {
            die(new SimulatedSite.Killed("from outside"));
        }
    }

    /** Whether its operator wants it to take part. */
    void willing(boolean now) {
        willing = now;
        simulation.note(id + (now ? " is resumed" : " is paused"));
        moved();
    }

    @Override
    public List<byte[]> transcript(long offset, int most) {
        return story.from(offset, 1 + simulation.random().nextInt(most));
    }

    @Override
    public boolean atEnd(long offset) {
        return offset >= story.size();
    }

    @Override
    public void point(String what) {
        if (faults.kills(simulation)) {
            throw new SimulatedSite.Killed(what);
        }
    }

    @Override
    public Optional<byte[]> written(String name, byte[] bytes) {
        return schedule.breakage().written(id, name, bytes);
    }

    @Override
    public void send(List<SimulatedSite.Outgoing> records) throws SimulatedSite.NoAnswer {
        try {
            observe(records);
            if (liar == null) {
                transact(records);
                return;
            }
            for (List<SimulatedSite.Outgoing> batch : liar.instead(records)) {
                observe(batch);
                transact(batch);
            }
        } catch (RejectedRecordException e) {
            throw new IllegalStateException("a site's own record is none", e);
        }
    }

    private void observe(List<SimulatedSite.Outgoing> records) throws RejectedRecordException {
        for (SimulatedSite.Outgoing record : records) {
            if (record.topic().equals(Topics.UPDATES.name())) {
                continue;
            }
            SignedRecord signed;
            try {
                signed = verifier.open(record.value());
            } catch (RejectedRecordException e) {
                if (liar == null) {
                    throw e;
                }
                continue;
            }
            if (signed.kind() == Kind.MANIFEST) {
                Manifest manifest = signed.payload(Manifest.class);
                schedule.contributions().signed(id, manifest.getRound(), manifest.getRoot());
            } else if (signed.kind() == Kind.BUNDLE) {
                int block = signed.payload(SiteBundle.class).getBlock();
                site.dealtUnder(block).ifPresent(terms -> schedule.dealt(id, terms));
            }
            schedule.sent(id, site.newestBlock(), signed);
        }
    }

    private void transact(List<SimulatedSite.Outgoing> records) throws SimulatedSite.NoAnswer {
        finishCommit();
        Broker.Transaction transaction = broker.begin("site-" + id);
        long expires = TRANSACTION + simulation.between(0, 10_000);
        simulation.after(expires, () -> {
            if (committing != transaction) {
                broker.abort(transaction);
            }
        });
        for (SimulatedSite.Outgoing record : records) {
            point("while sending to " + record.topic());
            broker.append(transaction, record.topic(), record.key(), record.value(), clock.millis());
        }
        point("before committing");
        double fate = faults.on(simulation) && simulation.chance(faults.commit())
                ? simulation.random().nextDouble()
                : 1;
        if (fate < 0.3) {
            simulation.note(id + " loses a transaction");
            broker.abort(transaction);
            throw new SimulatedSite.NoAnswer();
        }
        if (fate < 0.6) {
            broker.commit(transaction);
            simulation.note(id + " gets no acknowledgement");
            throw new SimulatedSite.NoAnswer();
        }
        if (fate < 1) {
            commitSlowly(transaction);
            return;
        }
        broker.commit(transaction);
        point("after committing");
    }

    /** The commit is on its way and will arrive; the site waits for it. */
    private void commitSlowly(Broker.Transaction transaction) {
        long takes = simulation.between(50, 40_000);
        simulation.note("%s waits %d ms for a commit".formatted(id, takes));
        committing = transaction;
        busyUntil = simulation.now() + takes;
        simulation.after(takes, () -> {
            if (committing == transaction) {
                finishCommit();
            }
        });
    }

    private void finishCommit() {
        Broker.Transaction waiting = committing;
        committing = null;
        if (waiting != null && waiting.open()) {
            broker.commit(waiting);
        }
    }
}
