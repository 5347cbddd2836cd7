package dev.sotto.site;

import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.secagg.RoundGroups;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Sites without a broker: each turn is taken by hand, each site can be killed and started again. */
final class Federation {
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /** A site with its memory, which survives a kill. */
    final class Member {
        final SiteId id;
        final MemoryStorage storage = new MemoryStorage();
        /** Where it stores, if not in memory. */
        JournalStorage disk = storage;

        final List<SiteEvent> events = new ArrayList<>();
        final VectorUpdate update;
        CrashPlan plan = CrashPlan.NEVER;
        LocalUpdate trains;
        boolean paused;
        MemoryTranscript reads = transcript;
        int outages;
        Instant now = NOW;
        SiteRunner runner;

        Member(SiteId id) {
            this.id = id;
            this.update = new VectorUpdate(parties.task, id);
            this.trains = update;
        }

        void start() throws DistrustException {
            SiteJournal journal = SiteJournal.open(plan.around(disk), parties.task.id(), id);
            Outbox outbox = plan.around(new Outbox() {
                @Override
                public void send(List<Message> messages) throws UnavailableException {
                    server.receive(messages);
                    if (outages > 0) {
                        outages--;
                        throw new UnavailableException("the acknowledgement was lost", new IOException());
                    }
                }

                @Override
                public void close() {}
            });
            SiteContext context = new SiteContext(
                    id,
                    parties.task,
                    parties.trust,
                    parties.signer(id),
                    journal,
                    outbox,
                    store,
                    terms -> trains.train(terms),
                    () -> !paused,
                    events::add,
                    clock(),
                    Parties.RANDOM);
            runner = new SiteRunner(context, reads.from(journal.progression().anchorOffset()), failures -> {});
        }

        private Clock clock() {
            return new Clock() {
                @Override
                public Instant instant() {
                    return now;
                }

                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }
            };
        }

        /** Acts on all there is; if the plan kills it, starts again and goes on. */
        void catchUp() throws DistrustException, InterruptedException {
            while (true) {
                try {
                    turn();
                    turn();
                    return;
                } catch (CrashPlan.Killed e) {
                    // It starts again.
                }
            }
        }

        /** Acts on what has come; a kill ends the process and is the caller's. */
        void turn() throws DistrustException, InterruptedException {
            try {
                if (runner == null) {
                    start();
                }
                runner.turn(Duration.ZERO);
            } catch (CrashPlan.Killed e) {
                runner = null;
                throw e;
            }
        }

        void restart() throws DistrustException, InterruptedException {
            runner = null;
            catchUp();
        }

        List<Refusal> refusals() {
            return events.stream()
                    .filter(SiteEvent.Refused.class::isInstance)
                    .map(event -> ((SiteEvent.Refused) event).refusal())
                    .toList();
        }
    }

    final Parties parties;
    final MemoryTranscript transcript = new MemoryTranscript();
    final TestCoordination coordination;
    final ServerSide server;
    final SortedMap<SiteId, Member> members = new TreeMap<>();
    final LocalModelStore store;
    final Checkpoint model;
    final URI location;

    Federation(Path models) throws Exception {
        this(models, new Parties());
    }

    Federation(Path models, Parties parties) throws Exception {
        this(models, parties, Checkpoint.initial(parties.task, 1));
    }

    Federation(Path models, Parties parties, Checkpoint initial) throws Exception {
        this.parties = parties;
        this.coordination = new TestCoordination(parties, transcript.values::add);
        this.server = new ServerSide(parties);
        this.store = new LocalModelStore(models);
        this.model = initial;
        this.location = store.put(model);
        parties.keys.keySet().forEach(id -> members.put(id, new Member(id)));
    }

    Member member(String id) {
        return members.get(new SiteId(id));
    }

    RoundId round(int number) {
        return new RoundId(parties.task.id(), number);
    }

    void catchUp() throws Exception {
        for (Member member : members.values()) {
            member.catchUp();
        }
    }

    /** From nothing to an offer. */
    void offerBlock(int block, int firstRound, Consumer<BlockOffer> change) throws Exception {
        catchUp();
        coordination.offer(block, firstRound, server.enrolments(block).values(), change);
        catchUp();
    }

    /** From nothing to bundles. */
    void dealBlock(int block, int firstRound) throws Exception {
        offerBlock(block, firstRound, untouched -> {});
        if (coordination.sparse) {
            coordination.beacon(block, server.reveals(block).values(), untouched -> {});
            catchUp();
        }
    }

    /** From nothing to a sealed block. */
    void sealBlock(int block, int firstRound) throws Exception {
        dealBlock(block, firstRound);
        for (byte[] bundle : server.bundles(block).values()) {
            coordination.roster(block, bundle);
        }
        coordination.seal(block, server.bundles(block).values(), untouched -> {});
        catchUp();
    }

    void open(int block, int round, Consumer<RoundOpen> change) throws Exception {
        coordination.open(
                block,
                round,
                model,
                location,
                new TreeSet<>(server.bundles(block).keySet()),
                change);
        catchUp();
    }

    void survivors(int round) throws Exception {
        coordination.survivors(round, server.manifests(round), untouched -> {});
        catchUp();
    }

    /** The groups of a round for which the whole block is announced. */
    RoundGroups groups(int round) {
        SortedSet<SiteId> announced =
                new TreeSet<>(server.bundles(coordination.offer.getBlock()).keySet());
        int count = coordination.sparse ? 1 : parties.task.groups(announced.size());
        return RoundGroups.draw(coordination.sealHash, round(round), announced, count);
    }

    void assertSumIsExact(int round) throws Exception {
        server.assertSumIsExact(coordination.terms, round(round), coordination.sealHash, model.sha256(), groups(round));
    }

    /** The plain sum of a round of one group. */
    int[] unmasked(int round) throws Exception {
        return server.unmasked(
                        coordination.terms,
                        round(round),
                        coordination.sealHash,
                        model.sha256(),
                        groups(round),
                        server.manifests(round).keySet())
                .get(0);
    }

    /** A block of two rounds and the end of the task. */
    void runTask() throws Exception {
        sealBlock(1, 1);
        for (int round = 1; round <= 2; round++) {
            open(1, round, untouched -> {});
            survivors(round);
            assertSumIsExact(round);
            coordination.result(round);
            catchUp();
        }
        coordination.end();
        catchUp();
    }

    EnvelopeVerifier verifier() {
        return new EnvelopeVerifier(parties.trust);
    }
}
