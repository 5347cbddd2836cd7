package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.LedgerRecord;
import dev.sotto.contracts.avro.LedgerStep;
import dev.sotto.contracts.avro.ModelAnnounced;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Coordination or aggregation dies at every step either of them takes from a round's RESERVE to its COMMIT, one step a
 * course: the ledger has one charge and one commit, and there is one release, whose noise and bytes are the same whenever
 * they are made.
 */
class ReleaseStepsTest {
    private static final long SEED = 5;

    /** Nothing goes wrong by itself, in one round of four sites. */
    private static final Breakage CALM = new Breakage() {
        @Override
        Settings settings(Settings drawn) {
            Settings.Draft draft = new Settings.Draft();
            draft.count = 1;
            draft.perBlock = 1;
            return draft.settings(Settings.Profile.FAULTS);
        }

        @Override
        Faults faults(Faults drawn) {
            return new Faults(VirtualClock.START, 0, 0, 0, 20);
        }
    };

    @BeforeAll
    static void rememberSignatures() {
        RememberedSignatures.install();
    }

    @Test
    void release_serverDiesAtEveryStepFromReserveToCommit_isChargedAndPublishedOnce() throws Exception {
        List<String> steps = course(StepCut.NEVER);
        assertThat(steps)
                .contains(
                        "coordination has written to fl.ledger",
                        "aggregation draws noise",
                        "aggregation stores a model",
                        "aggregation has written to fl.models",
                        "aggregation is about to commit",
                        "coordination has committed");
        IntStream.range(0, steps.size()).parallel().forEach(number -> {
            try {
                course(number);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("step %d: %s".formatted(number, steps.get(number)), e);
            }
        });
    }

    /** One course of the task, in which a server dies at the step of that number; its steps from RESERVE to COMMIT. */
    private static List<String> course(int number) throws Exception {
        try (Schedule schedule = new Schedule(SEED, CALM)) {
            StepCut cut = new StepCut(schedule.broker(), number);
            schedule.simulation().tell(cut);
            schedule.run();
            assertThat(cut.struck()).isEqualTo(number != StepCut.NEVER);
            requireOneRelease(schedule, cut);
            return cut.steps();
        }
    }

    private static void requireOneRelease(Schedule schedule, StepCut cut) throws Exception {
        List<LedgerRecord> ledger = committed(schedule, Topics.LEDGER, LedgerRecord.class);
        assertThat(ledger).extracting(LedgerRecord::getStep).containsExactly(LedgerStep.RESERVE, LedgerStep.COMMIT);
        assertThat(ledger.get(1).getPrevious()).isEqualTo(ledger.get(0).getHash());
        assertThat(ledger)
                .extracting(LedgerRecord::getRhoSpent)
                .containsOnly(schedule.settings().task().rho());
        List<ModelAnnounced> models = committed(schedule, Topics.MODELS, ModelAnnounced.class);
        assertThat(models).extracting(ModelAnnounced::getRound).containsExactly(0, 1);
        int chunks = schedule.settings().task().chunks().chunks();
        // The metrics in front of every chunk are the same, and so is their noise.
        assertThat(cut.noised()).hasSize(chunks + 1);
        assertThat(cut.stored()).hasSize(1);
    }

    private static <T extends SpecificRecordBase> List<T> committed(Schedule schedule, TopicSpec topic, Class<T> type)
            throws Exception {
        EnvelopeVerifier verifier = new EnvelopeVerifier(schedule.cast().trust());
        List<T> records = new ArrayList<>();
        for (Broker.Entry entry : schedule.broker().committed(topic)) {
            records.add(verifier.open(entry.value()).payload(type));
        }
        return records;
    }
}
