package dev.sotto.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.bert.Evaluation;
import dev.sotto.broker.EmbeddedBroker;
import dev.sotto.contracts.TopicAdmin;
import dev.sotto.contracts.Topics;
import dev.sotto.coordination.TaskStarter;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.IdentityFile;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.federation.Trust;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole pipeline on one machine: starts every part, watches the rounds, kills a site in the middle of one, plays
 * messages, and checks what it saw. Parts are stopped in the reverse order of their start.
 */
final class Quickstart implements AutoCloseable {
    private static final String KILLED = "care-centre";
    private static final int KILL_ROUND = 2;
    private static final long MODEL_SEED = 20261122;
    private static final Duration SILENCE = Duration.ofMinutes(3);
    private static final Duration SCORING = Duration.ofMinutes(2);

    private final QuickstartSettings settings;
    private final Clock clock;
    private final ProgressBar out;
    private final Report report;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Map<String, String> siteProgress = new ConcurrentHashMap<>();
    private volatile @Nullable QuickstartSite lost;
    private boolean startedAgain;

    Quickstart(QuickstartSettings settings, Clock clock, PrintStream out, boolean terminal) {
        this.settings = settings;
        this.clock = clock;
        this.out = new ProgressBar(out, terminal);
        this.report = new Report(this.out);
    }

    /** Runs everything; the exit code is 0 when every check held. */
    int run() throws Exception {
        Instant start = clock.instant();
        // Ctrl-C must not leave sites and the runtime behind.
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "quickstart-shutdown"));
        report.title("Starting (logs, keys, state and models are under " + settings.work() + ")");
        Workspace workspace =
                Workspace.create(settings.work(), settings.rounds(), settings.siteData(), new SecureRandom());
        System.setProperty("sotto.log", workspace.log("quickstart").toString());
        System.setProperty("log4j2.configurationFile", "log4j2-quickstart.xml");
        Logger log = LoggerFactory.getLogger(Quickstart.class);
        log.info("starting in {}", workspace.root());

        out.show("Kafka broker", 0, 5);
        EmbeddedBroker broker = keep(EmbeddedBroker.start(workspace.directory("broker")));
        createTopics(broker.bootstrap());
        out.show("Stateful Functions runtime and functions", 1, 5);
        keep(CoordinationParts.start(workspace, broker.bootstrap()));
        out.show("Flink", 2, 5);
        FlinkCluster flink = keep(FlinkCluster.start(workspace.directory("checkpoints"), settings.port()));
        Jobs.submit(flink, workspace, broker.bootstrap());
        out.show("base model", 3, 5);
        LocalModelStore store = new LocalModelStore(workspace.directory("models"));
        ValidationSet validation = ValidationSet.load(workspace.task());
        Evaluation before = validation.evaluate(Checkpoint.initial(workspace.task(), MODEL_SEED));
        out.show("task and sites", 4, 5);
        new TaskStarter(
                        Map.of("bootstrap.servers", broker.bootstrap()),
                        IdentityFile.read(workspace.key(Trust.OPERATOR)))
                .start(workspace.task(), store, MODEL_SEED);
        TranscriptWatch transcript = new TranscriptWatch(workspace.trust());
        keep(new TopicFollower(
                broker.bootstrap(), List.of(Topics.ROUNDS.name()), record -> transcript.accept(record.value())));
        for (QuickstartSite site : QuickstartSite.ALL) {
            startSite(site, workspace, broker.bootstrap());
        }
        out.show("ready", 5, 5);
        report.line("Kafka " + broker.bootstrap() + ", Flink's web UI " + flink.ui());
        QuickstartSite.ALL.forEach(site -> report.line("site %-14s %s".formatted(site.id(), site.what())));

        report.title("Training: %d rounds, %s is killed in round %d"
                .formatted(workspace.task().rounds().count(), KILLED, KILL_ROUND));
        report.start(before);
        List<RoundOutcome> rounds = new ArrayList<>();
        Evaluation after = train(workspace, broker.bootstrap(), transcript, store, validation, rounds, before);
        report.line(
                "Epsilon is the honest price of a whole site: with so few sites, noise large enough to hide one would");
        report.line("drown the sum. What protects a site here is the mask: the server saw the sum alone.");

        report.title("Scoring chat and finance messages with model "
                + rounds.get(rounds.size() - 1).modelVersion());
        FindingsWatch findings = new FindingsWatch();
        keep(new TopicFollower(
                broker.bootstrap(),
                List.of(
                        Topics.SCORED.name(),
                        Topics.ALERTS.name(),
                        Topics.CHAT.deadLetters(),
                        Topics.FINANCE.deadLetters()),
                findings::accept));
        int sent = new MessageFeed(broker.bootstrap(), start.minus(Duration.ofHours(1))).send();
        awaitScored(findings, sent);
        report.scored(findings.scored());
        report.title("Alerts (%d in all)".formatted(findings.alerts().size()));
        report.alerts(findings.alerts());

        report.title("What was checked");
        boolean held = new Checks(report)
                .rounds(rounds, KILLED, KILL_ROUND, workspace.task().rounds().count())
                .learning(before, after)
                .findings(findings, sent, rounds.get(rounds.size() - 1).modelVersion())
                .allHeld();
        long seconds = Duration.between(start, clock.instant()).toSeconds();
        report.title("Done in %d min %02d s".formatted(seconds / 60, seconds % 60));
        report.line("models       " + workspace.directory("models") + " (safetensors and a manifest each)");
        report.line("logs         " + workspace.directory("logs"));
        report.line("next         README.md: join a real cluster; './sotto --help': every command");
        if (settings.keepOpen()) {
            report.line("still open   Flink's web UI " + flink.ui() + ", Kafka " + broker.bootstrap()
                    + "; stop with Ctrl-C");
            new CountDownLatch(1).await();
        }
        return held ? 0 : 1;
    }

    private static void createTopics(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            new TopicAdmin(admin).createMissing((short) 1);
        }
    }

    private void startSite(QuickstartSite site, Workspace workspace, String bootstrap) throws IOException {
        Path config = workspace.writeSiteConfig(site, bootstrap);
        keep(SiteProcess.start(site, config, workspace.log(site.id()), this::onSiteLine));
    }

    /** Kills the chosen site once it is seen to train in the chosen round: in the middle of its work. */
    private void onSiteLine(SiteProcess process, String line) {
        String site = process.site().id();
        siteProgress.put(site, line);
        if (lost == null && site.equals(KILLED) && line.startsWith("round " + KILL_ROUND + " training")) {
            process.kill();
            lost = process.site();
            siteProgress.put(site, "killed");
            out.println("   killed " + KILLED + " (SIGKILL) at: " + line);
        }
    }

    private Evaluation train(
            Workspace workspace,
            String bootstrap,
            TranscriptWatch transcript,
            LocalModelStore store,
            ValidationSet validation,
            List<RoundOutcome> rounds,
            Evaluation before)
            throws Exception {
        Evaluation newest = before;
        int total = workspace.task().rounds().count();
        Instant heard = clock.instant();
        while (true) {
            TranscriptWatch.Event event = transcript.events().poll(1, TimeUnit.SECONDS);
            Instant now = clock.instant();
            if (event == null) {
                out.show(siteSummary(), rounds.size(), total);
                if (Duration.between(heard, now).compareTo(SILENCE) > 0) {
                    throw new IllegalStateException("nothing happened for %s; the logs are in %s"
                            .formatted(SILENCE, workspace.directory("logs")));
                }
                continue;
            }
            heard = now;
            if (event instanceof TranscriptWatch.Opened opened) {
                out.show("round " + opened.round(), rounds.size(), total);
            } else if (event instanceof TranscriptWatch.Aborted aborted) {
                report.line("round %d was given up: %s".formatted(aborted.round(), aborted.reason()));
            } else if (event instanceof TranscriptWatch.Broken broken) {
                throw new IllegalStateException("the transcript cannot be believed: " + broken.reason());
            } else if (event instanceof TranscriptWatch.Finished finished) {
                report.line("task ended: " + finished.reason());
                return newest;
            } else if (event instanceof TranscriptWatch.Ended ended) {
                rounds.add(ended.outcome());
                newest = validation.evaluate(
                        read(workspace, store, ended.outcome().modelVersion()));
                report.round(ended.outcome(), newest, workspace.task().design());
                QuickstartSite again = lost;
                boolean lostRoundEnded = ended.outcome().round() >= KILL_ROUND;
                if (again != null && lostRoundEnded && !startedAgain && rounds.size() < total) {
                    startedAgain = true;
                    startSite(again, workspace, bootstrap);
                    report.line("started " + KILLED + " again: it goes on from its own durable state");
                }
            }
        }
    }

    private static Checkpoint read(Workspace workspace, LocalModelStore store, int version) throws IOException {
        Path directory =
                workspace.directory("models").resolve(workspace.task().task()).resolve("v%06d".formatted(version));
        return store.read(directory.toUri());
    }

    /** What every site does now, in a word each. */
    private String siteSummary() {
        StringBuilder summary = new StringBuilder();
        for (QuickstartSite site : QuickstartSite.ALL) {
            String[] words = siteProgress.getOrDefault(site.id(), "starting").split(" ");
            boolean training = words.length > 3 && words[2].equals("training");
            summary.append(summary.isEmpty() ? "" : ", ")
                    .append(site.id())
                    .append(' ')
                    .append(training ? words[3] : words[Math.min(2, words.length - 1)]);
        }
        return summary.toString();
    }

    private void awaitScored(FindingsWatch findings, int sent) throws InterruptedException {
        await(SCORING, () -> {
            out.show("scored texts", findings.scored().size(), sent);
            return findings.scored().size() >= sent && findings.deadLetters() > 0 && hasSurge(findings);
        });
    }

    private static boolean hasSurge(FindingsWatch findings) {
        return findings.alerts().stream()
                .map(alert -> alert.path("type"))
                .map(JsonNode::asText)
                .anyMatch(type -> type.contains(".surge."));
    }

    private static void await(Duration limit, BooleanSupplier condition) throws InterruptedException {
        CountDownLatch tick = new CountDownLatch(1);
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            tick.await(300, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized <T extends AutoCloseable> T keep(T part) {
        running.push(part);
        return part;
    }

    @Override
    public synchronized void close() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                LoggerFactory.getLogger(Quickstart.class).warn("a part did not stop cleanly", e);
            }
        }
    }
}
