package dev.sotto.site;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.secagg.TaskId;
import java.security.SecureRandom;
import java.time.Clock;

/**
 * A participant in one task. It holds its state directory's lock, a Kafka producer and consumer, and while training the
 * model, until it is closed. {@link #run()} is for one thread, {@link #stop()} for any.
 */
public final class Site implements AutoCloseable {
    private final SiteJournal journal;
    private final Outbox outbox;
    private final TranscriptSource source;
    private final BertUpdate update;
    private final SiteRunner runner;

    private Site(SiteJournal journal, Outbox outbox, TranscriptSource source, BertUpdate update, SiteRunner runner) {
        this.journal = journal;
        this.outbox = outbox;
        this.source = source;
        this.update = update;
        this.runner = runner;
    }

    /**
     * Opens a site.
     *
     * @param clock for deadlines
     * @param random for secrets
     * @throws dev.sotto.federation.ConfigurationException if a file it names cannot be used
     * @throws DataException if its data cannot be used
     * @throws JournalException if its state directory cannot be used
     * @throws BrokerException if the broker does not serve it
     * @throws DistrustException if it has caught the server before
     */
    public static Site open(SiteConfig config, Progress progress, Clock clock, SecureRandom random)
            throws DistrustException, InterruptedException {
        SiteSetup setup = SiteSetup.of(config);
        BrokerCheck.run(setup.kafka());
        // The lock comes first: a second process should not load a model to learn that it is one too many.
        JournalStorage storage = DirectoryStorage.open(config.state());
        try {
            return open(setup, storage, progress, clock, random);
        } catch (RuntimeException | DistrustException e) {
            storage.close();
            throw e;
        }
    }

    private static Site open(
            SiteSetup setup, JournalStorage storage, Progress progress, Clock clock, SecureRandom random)
            throws DistrustException {
        SiteConfig config = setup.config();
        TaskId task = setup.task().id();
        SiteJournal journal = SiteJournal.open(storage, task, config.site());
        BertUpdate update =
                new BertUpdate(setup.task(), config.site(), setup.data(), config.threads(), random, progress);
        if (journal.progression().ended() == null) {
            update.prepare();
        }
        Outbox outbox = new KafkaOutbox(setup.kafka(), task, config.site());
        TranscriptSource source =
                new KafkaTranscript(setup.kafka(), journal.progression().anchorOffset());
        PauseMarker paused = new PauseMarker(config.state());
        SiteContext context = new SiteContext(
                config.site(),
                setup.task(),
                setup.trust(),
                new EnvelopeSigner(config.site().value(), setup.identity()),
                journal,
                outbox,
                new LocalModelStore(config.state()),
                update,
                () -> !paused.isSet(),
                progress,
                clock,
                random);
        return new Site(journal, outbox, source, update, new SiteRunner(context, source, Backoff.DOUBLING));
    }

    /**
     * Takes part until the task ends.
     *
     * @return whether it has ended; false if somebody called {@link #stop()}
     * @throws DistrustException if it catches the server; it then refuses for ever
     */
    public boolean run() throws DistrustException, InterruptedException {
        return runner.run();
    }

    /** Ends {@link #run()} soon; training that runs is finished first. */
    public void stop() {
        runner.stop();
    }

    @Override
    public void close() {
        update.close();
        source.close();
        outbox.close();
        journal.close();
    }
}
