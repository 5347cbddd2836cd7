package dev.sotto.coordination.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.SeedCodec;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.LedgerRecord;
import dev.sotto.contracts.avro.LedgerStep;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.coordination.TaskStarter;
import dev.sotto.coordination.fixture.Parties;
import dev.sotto.coordination.fixture.PlayedAggregation;
import dev.sotto.coordination.fixture.PlayedSite;
import dev.sotto.coordination.fixture.TopicTail;
import dev.sotto.coordination.fixture.Transcript;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.federation.StrictYaml;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.MaskExpander;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SignedSeed;
import dev.sotto.secagg.SiteId;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The functions' process dies in the middle of a round, first alone, then with the runtime; the round ends once. */
class FunctionServerKillITCase {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final Parties parties = new Parties(4);
    private final TaskDefinition task = StrictYaml.read(
            new ByteArrayInputStream(CoordinationProcesses.TASK.getBytes(StandardCharsets.UTF_8)),
            "task.yaml",
            TaskDefinition.class);
    private final RoundId round = new RoundId(task.id(), 1);
    private final List<PlayedSite> sites = PlayedSite.all(parties, task.id());
    private final PlayedAggregation aggregation = new PlayedAggregation(parties.aggregation(), task.id());
    private final Transcript transcript = new Transcript(parties.verifier());
    private CoordinationProcesses processes;
    private TopicTail rounds;

    @BeforeEach
    void start() throws Exception {
        processes = CoordinationProcesses.start(directory, parties);
        rounds = processes.tail(Topics.ROUNDS);
    }

    @AfterEach
    void stop() {
        if (rounds != null) {
            rounds.close();
        }
        if (processes != null) {
            processes.close();
        }
    }

    @Test
    void round_functionsKilledThenFunctionsAndRuntime_endsOnce() throws Exception {
        openRound();
        List<SiteId> ids = sites.stream().map(site -> site.id).toList();
        int entries = transcript.last(Kind.ROUND_OPEN, RoundOpen.class).getEntries();
        int[] plain = new int[entries];
        int[] masked = new int[entries];
        SplittableRandom values = new SplittableRandom(11);
        for (PlayedSite site : sites) {
            int[] vector = values.ints(entries, -1000, 1000).toArray();
            add(plain, vector);
            add(masked, site.masked(vector, transcript, round));
        }

        // The window closes while nobody is there to decide; the runtime asks until somebody is.
        processes.killFunctions();
        processes.send(Topics.ARRIVALS, RecordKeys.round(round), aggregation.windowClosed(round, sites, transcript));
        processes.awaitTaken(Topics.ARRIVALS);
        processes.startFunctions();
        await(Kind.SURVIVORS);

        // The answers are questions on their way to the functions, and in the runtime's checkpoint, when both die.
        processes.killFunctions();
        for (PlayedSite site : sites) {
            processes.send(Topics.SITES, RecordKeys.site(site.id), site.unmask(transcript, round));
        }
        processes.awaitTaken(Topics.SITES);
        processes.killRuntime();
        processes.startRuntime();
        processes.startFunctions();

        unmask(masked);
        assertThat(masked).isEqualTo(plain);
        processes.send(
                Topics.MODELS,
                RecordKeys.task(task.id()),
                aggregation.model(round, 1, transcript.modelHash(), ids, "weights"));
        await(Kind.TASK_END);
        everythingHappenedOnce();
    }

    private void openRound() throws Exception {
        for (PlayedSite site : sites) {
            processes.send(Topics.SITES, RecordKeys.site(site.id), site.enrol(1));
        }
        new TaskStarter(processes.client(), parties.operator)
                .start(task, new LocalModelStore(directory.resolve("models")), 7);
        await(Kind.BLOCK_OFFER);
        for (PlayedSite site : sites) {
            processes.send(Topics.SITES, RecordKeys.site(site.id), site.bundle(transcript.terms()));
        }
        await(Kind.ROUND_OPEN);
    }

    private void unmask(int[] masked) throws Exception {
        try (TopicTail seeds = processes.tail(Topics.UNMASK)) {
            seeds.await(CoordinationProcesses.LIMIT, 1);
            UnmaskSeeds record =
                    parties.verifier().open(seeds.records().get(0).value()).payload(UnmaskSeeds.class);
            MaskExpander expander = new MaskExpander();
            for (SignedSeed seed : SeedCodec.fromRecord(record).get(0)) {
                seed.apply(expander, 0, masked, 0, masked.length);
            }
        }
    }

    /** The transcript checks every link as it reads. */
    private void everythingHappenedOnce() throws Exception {
        assertThat(transcript.kinds())
                .containsExactly(
                        Kind.BLOCK_OFFER,
                        Kind.ROSTER,
                        Kind.ROSTER,
                        Kind.ROSTER,
                        Kind.ROSTER,
                        Kind.SEAL,
                        Kind.ROUND_OPEN,
                        Kind.SURVIVORS,
                        Kind.ROUND_RESULT,
                        Kind.TASK_END);
        assertThat(processes.committed(Topics.UNMASK.name())).hasSize(1);
        List<LedgerStep> steps = new ArrayList<>();
        for (byte[] record : processes.committed(Topics.LEDGER.name())) {
            steps.add(
                    parties.verifier().open(record).payload(LedgerRecord.class).getStep());
        }
        assertThat(steps).containsExactly(LedgerStep.RESERVE, LedgerStep.COMMIT);
        assertThat(processes.committed(Topics.SITES.deadLetters())).isEmpty();
    }

    private void await(Kind kind) throws Exception {
        long end = System.nanoTime() + CoordinationProcesses.LIMIT.toNanos();
        while (!transcript.kinds().contains(kind)) {
            for (byte[] value : rounds.poll()) {
                transcript.read(value);
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("no %s within %s; the transcript has %s"
                        .formatted(kind, CoordinationProcesses.LIMIT, transcript.kinds()));
            }
        }
    }

    private static void add(int[] sum, int[] vector) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += vector[i];
        }
    }
}
