package dev.sotto.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.aggregation.process.JobFiles;
import dev.sotto.aggregation.process.SignedTopic;
import dev.sotto.broker.Jvm;
import dev.sotto.broker.JvmProcess;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.contracts.avro.WindowClosed;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.privacy.CentralDiscreteGaussian;
import dev.sotto.privacy.Digest;
import dev.sotto.privacy.NoiseSecret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job's process ends at every step from a round's charge to its publication, one a round, and comes up from the
 * checkpoint it has: each round has one release, the one that a job which never ended makes, and one noise.
 */
class ReleaseStepsITCase {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String[] ROUNDS = {"count: 3, perBlock: 4", "count: 11, perBlock: 11"};
    private static final int SITES = 3;

    /** After this step the checkpoint is kept: in it the step's own announcement is pending, and two rounds are to come. */
    private static final ReleaseStep COPIED = ReleaseStep.CHECKPOINTED;

    @TempDir
    static Path directory;

    private static final List<Checkpoint> models = new ArrayList<>();
    private static final List<Expected> expected = new ArrayList<>();
    private static TestFederation federation;
    private static KafkaParties parties;
    private static SignedTopic announcements;
    private static SignedTopic arrivals;
    private static List<String> arguments;

    /** What there was once every step had been gone through. */
    private static List<SignedRecord> announced;

    private static Map<String, Digest> stored;
    private static List<String> drawn;

    @BeforeAll
    static void endAtEveryStep() throws Exception {
        federation = new TestFederation(SITES, TestFederation.taskWith(ROUNDS));
        models.add(Checkpoint.initial(federation.task(), 7));
        parties = new KafkaParties(directory.resolve("kafka"), federation);
        announcements = parties.signed(Topics.MODELS.name());
        arrivals = parties.signed(Topics.ARRIVALS.name());
        arguments = arguments();
        for (ReleaseStep step : ReleaseStep.values()) {
            int round = round(step);
            try (JvmProcess process = start(checkpoints(), step.name(), round)) {
                play(round, process, round - 1);
                process.await("it ends " + step, () -> !process.alive(), LIMIT);
                assertThat(process.printed()).endsWith(SuddenEnd.notice(step, round) + System.lineSeparator());
            }
            if (step == COPIED) {
                PathUtils.copyDirectory(checkpoints(), older(), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        int last = ReleaseStep.values().length + 1;
        try (JvmProcess process = start(checkpoints(), EndingMain.NOWHERE, 0)) {
            play(last, process, last - 1);
            awaitModels(process, last);
        }
        announced = now(announcements, Kind.MODEL);
        stored = files();
        drawn = Files.readAllLines(journal());
    }

    @AfterAll
    static void closeParties() {
        announcements.close();
        arrivals.close();
        parties.close();
    }

    /** Everything that belongs to a round; seeds are there once so many models are out. */
    private static void play(int number, JvmProcess process, int before) throws Exception {
        TaskDefinition task = federation.task();
        Checkpoint parent = models.get(number - 1);
        URI location = new LocalModelStore(store()).put(parent);
        parties.transcript(federation.roundOpen(number, parent, location, System.currentTimeMillis() + 600_000));
        List<Upload> uploads = new ArrayList<>();
        for (int i = 0; i < SITES; i++) {
            Upload upload = federation.upload(TestFederation.site(i), number, parent.sha256(), 10L * number + i);
            parties.upload(federation.round(number), upload);
            uploads.add(upload);
        }
        CentralDiscreteGaussian noise =
                CentralDiscreteGaussian.create(NoiseSecret.read(directory.resolve("noise.secret")), task.sigma());
        Expected next = Expected.of(task, number, parent, uploads, noise);
        expected.add(next);
        models.add(next.checkpoint());
        awaitModels(process, before);
        process.await("the window of round %d closes".formatted(number), () -> closed(number), LIMIT);
        parties.transcript(federation.survivors(number, uploads));
        parties.unmask(federation.round(number), federation.seeds(number, parent.sha256(), uploads));
    }

    @Test
    void release_processEndedAtEveryStep_isPublishedOnceAndAsExpected() throws Exception {
        assertThat(announced).hasSize(ReleaseStep.values().length + 1);
        for (int i = 0; i < announced.size(); i++) {
            ModelAnnounced model = announced.get(i).payload(ModelAnnounced.class);
            Checkpoint checkpoint = expected.get(i).checkpoint();
            assertThat(model.getRound()).isEqualTo(i + 1);
            assertThat(AvroCodec.bytes(model.getAggregateHash()))
                    .isEqualTo(expected.get(i).aggregateHash());
            assertThat(AvroCodec.bytes(model.getSha256())).isEqualTo(checkpoint.sha256());
            Path location = Path.of(URI.create(model.getLocation()));
            assertThat(location.resolve(Checkpoint.MANIFEST)).hasBinaryContent(checkpoint.manifestFile());
            assertThat(location.resolve(Checkpoint.WEIGHTS)).hasBinaryContent(checkpoint.weightsFile());
        }
        // Weights, manifest and signature a version, no signature beside the starting point, and nothing that a cut
        // write left.
        assertThat(stored).hasSize(3 * announced.size() + 2);
    }

    @Test
    void noise_processEndedAtEveryStep_isTheSameWheneverItIsDrawn() {
        int chunks = federation.task().chunks().chunks();
        // The metrics in front of every chunk are the same, and so is their noise.
        int distinct = (chunks + 1) * announced.size();
        assertThat(drawn.stream().distinct()).hasSize(distinct);
        assertThat(drawn.stream()
                        .map(line -> line.substring(0, line.indexOf(JournaledNoise.GIVES)))
                        .distinct())
                .hasSize(distinct);
        for (ReleaseStep step : EnumSet.range(ReleaseStep.BETWEEN_SLICES, ReleaseStep.FLUSHED)) {
            String release = federation.round(round(step)) + " ";
            assertThat(drawn.stream().filter(line -> line.startsWith(release)))
                    .as("what was drawn in a round that ended %s", step)
                    .hasSizeGreaterThan(2 * chunks);
        }
    }

    @Test
    void job_fromACheckpointOlderThanItsReleases_announcesThemWithTheSameBytesAndGoesOn() throws Exception {
        int before = announced.size();
        int next = before + 1;
        PathUtils.deleteDirectory(checkpoints());
        PathUtils.copyDirectory(older(), checkpoints(), StandardCopyOption.COPY_ATTRIBUTES);
        try (JvmProcess process = start(checkpoints(), EndingMain.NOWHERE, 0)) {
            process.await("the newest model again", () -> rounds().lastIndexOf(before) >= before, LIMIT);
            play(next, process, next);
            process.await("the next model", () -> rounds().contains(next), LIMIT);
        }
        List<SignedRecord> all = now(announcements, Kind.MODEL);
        assertThat(rounds().get(all.size() - 1)).isEqualTo(next);
        assertThat(announced.subList(round(COPIED) - 1, before))
                .extracting(SignedRecord::value)
                .containsAll(all.subList(before, all.size() - 1).stream()
                        .map(SignedRecord::value)
                        .toList());
        assertThat(files()).containsAllEntriesOf(stored);
        assertThat(Files.readAllLines(journal()).stream()
                        .filter(line -> !line.startsWith(federation.round(next) + " ")))
                .isSubsetOf(drawn);
    }

    private static int round(ReleaseStep step) {
        return step.ordinal() + 1;
    }

    private static List<Integer> rounds() throws IOException {
        return now(announcements, Kind.MODEL).stream()
                .map(record ->
                        AggregationJobITCase.read(record, ModelAnnounced.class).getRound())
                .toList();
    }

    private static void awaitModels(JvmProcess process, int count) throws Exception {
        process.await("%d models are out".formatted(count), () -> rounds().size() >= count, LIMIT);
    }

    private static boolean closed(int number) throws IOException {
        return now(arrivals, Kind.WINDOW_CLOSED).stream()
                .anyMatch(record ->
                        AggregationJobITCase.read(record, WindowClosed.class).getRound() == number);
    }

    private static List<SignedRecord> now(SignedTopic topic, Kind kind) throws IOException {
        try {
            return topic.now(kind);
        } catch (RejectedRecordException e) {
            throw new IOException("a record cannot be believed", e);
        }
    }

    private static Map<String, Digest> files() throws IOException {
        try (Stream<Path> files = Files.walk(store())) {
            return files.filter(Files::isRegularFile)
                    .collect(Collectors.toMap(Path::toString, ReleaseStepsITCase::digest));
        }
    }

    private static Digest digest(Path file) {
        try {
            return Digest.sha256(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> arguments() throws Exception {
        List<String> options = new ArrayList<>(
                new JobFiles(directory, federation.trust(), federation.identityFile()).arguments(parties.bootstrap()));
        Files.writeString(directory.resolve("task.yaml"), TestFederation.taskFile(ROUNDS));
        options.addAll(List.of("--aggregation.local", "true", "--aggregation.local.checkpoint-interval", "200ms"));
        return options;
    }

    private static JvmProcess start(Path checkpoints, String step, int round) throws IOException {
        List<String> all = new ArrayList<>(List.of(journal().toString(), step, Integer.toString(round)));
        all.addAll(arguments);
        all.addAll(List.of("--aggregation.local.checkpoint-directory", checkpoints.toString()));
        return Jvm.likeThis("@" + JobFiles.jvmOptions(), "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
                .start(directory.resolve("job.log"), EndingMain.class.getName(), all);
    }

    private static Path checkpoints() {
        return directory.resolve("checkpoints");
    }

    private static Path older() {
        return directory.resolve("older");
    }

    private static Path store() {
        return directory.resolve("models");
    }

    private static Path journal() {
        return directory.resolve("journal");
    }
}
