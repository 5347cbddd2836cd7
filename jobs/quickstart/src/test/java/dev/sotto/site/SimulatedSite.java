package dev.sotto.site;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.federation.ModelStore;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.IdentityKeyPair;
import dev.sotto.secagg.SiteId;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A real site, runner, journal and all, on a heap: what it remembers outlives its process, and every write and every record
 * it sends passes through the hands of whoever simulates the world around it. Not thread-safe.
 */
public final class SimulatedSite {
    /** A killed process as seen from inside: nothing catches it. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        /** Names where. */
        public Killed(String where) {
            super(where, null, false, false);
        }
    }

    /** The broker does not answer: it is not certain that the records are written. */
    public static final class NoAnswer extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** A record on its way out. */
    public record Outgoing(String topic, byte[] key, byte[] value) {}

    /** The world around a site. */
    public interface World {
        /** The next transcript records from an offset on; empty if there is none now. */
        List<byte[]> transcript(long offset, int most);

        /** Whether an offset lies at the end of what the site can read. */
        boolean atEnd(long offset);

        /** Writes all of the records or none. */
        void send(List<Outgoing> records) throws NoAnswer;

        /** Before or after something durable: the place to be killed. */
        void point(String what);

        /** Bytes about to be written under a name in the state directory; the bytes that are, or empty for none. */
        default Optional<byte[]> written(String name, byte[] bytes) {
            return Optional.of(bytes);
        }
    }

    /** Who a site is. */
    public record Terms(
            SiteId id, TaskDefinition task, Trust trust, IdentityKeyPair identity, ModelStore models, Clock clock) {}

    private final Terms terms;
    private final LocalUpdate update;
    private final BooleanSupplier willing;
    private final SecureRandom random;
    private final World world;
    private final Consumer<String> told;
    private final TreeMap<String, byte[]> files = new TreeMap<>();
    private SiteJournal journal;
    private SiteRunner runner;
    private long offset;

    /** A site that has not been started. */
    public SimulatedSite(
            Terms terms,
            LocalUpdate update,
            BooleanSupplier willing,
            SecureRandom random,
            World world,
            Consumer<String> told) {
        this.terms = terms;
        this.update = update;
        this.willing = willing;
        this.random = random;
        this.world = world;
        this.told = told;
    }

    /**
     * Starts its process.
     *
     * @throws DistrustException if it has caught the server before
     */
    public void start() throws DistrustException {
        journal = SiteJournal.open(new Files(), terms.task().id(), terms.id());
        offset = journal.progression().anchorOffset();
        SiteContext context = new SiteContext(
                terms.id(),
                terms.task(),
                terms.trust(),
                new EnvelopeSigner(terms.id().value(), terms.identity()),
                journal,
                new Records(),
                terms.models(),
                update,
                willing,
                event -> told.accept(event.toString()),
                terms.clock(),
                random);
        runner = new SiteRunner(context, new Transcript(), failures -> world.point("after a failure"));
    }

    /** Its process is gone. */
    public void kill() {
        journal = null;
        runner = null;
    }

    public boolean running() {
        return runner != null;
    }

    /**
     * Acts on what has come, or if nothing has, on having read everything.
     *
     * @throws DistrustException if it catches the server
     */
    public void turn() throws DistrustException {
        try {
            runner.turn(Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("nobody interrupts a simulation", e);
        }
    }

    /** The state of the protocol it is in, by name. */
    public String state() {
        return runner.state().getClass().getSimpleName();
    }

    /** The newest block it knows of. */
    public int newestBlock() {
        return runner.state().newestBlock();
    }

    /** How far it has acted on the transcript, by its own journal. */
    public TranscriptPosition reached() {
        return journal.progression().reached();
    }

    /** The number of records it has read. */
    public long offset() {
        return offset;
    }

    /** The terms it has dealt under in a block, if it still has its secrets. */
    public Optional<BlockTerms> dealtUnder(int block) {
        return journal.secrets(block).map(secrets -> {
            BlockTerms dealt = secrets.terms();
            secrets.destroy();
            return dealt;
        });
    }

    /** The names of its files. */
    public List<String> remembers() {
        return List.copyOf(files.keySet());
    }

    /** Loses all that it remembers. */
    public void forget() {
        files.clear();
    }

    /** The state directory, which outlives the process. */
    private final class Files implements JournalStorage {
        @Override
        public Optional<byte[]> read(String name) {
            return Optional.ofNullable(files.get(name)).map(byte[]::clone);
        }

        @Override
        public void write(String name, byte[] bytes) {
            world.point("before writing " + name);
            world.written(name, bytes.clone()).ifPresent(kept -> files.put(name, kept));
            world.point("after writing " + name);
        }

        @Override
        public void delete(String name) {
            world.point("before deleting " + name);
            files.remove(name);
            world.point("after deleting " + name);
        }

        @Override
        public List<String> names(String prefix) {
            return files.keySet().stream()
                    .filter(name -> name.startsWith(prefix))
                    .toList();
        }

        @Override
        public void close() {}
    }

    private final class Records implements Outbox {
        @Override
        public void send(List<Message> messages) throws UnavailableException {
            List<Outgoing> outgoing = new ArrayList<>();
            messages.forEach(message -> outgoing.add(new Outgoing(message.topic(), message.key(), message.value())));
            try {
                world.send(outgoing);
            } catch (NoAnswer e) {
                throw new UnavailableException("the broker does not answer", new IOException(e));
            }
        }

        @Override
        public void close() {}
    }

    private final class Transcript implements TranscriptSource {
        private static final int MOST = 3;

        @Override
        public List<Entry> poll(Duration timeout) {
            List<Entry> entries = new ArrayList<>();
            for (byte[] value : world.transcript(offset, MOST)) {
                entries.add(new Entry(offset, value));
                offset++;
            }
            return entries;
        }

        @Override
        public boolean atEnd() {
            return world.atEnd(offset);
        }

        @Override
        public void wakeup() {}

        @Override
        public void close() {}
    }
}
