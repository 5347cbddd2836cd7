package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.LedgerRecord;
import dev.sotto.contracts.avro.LedgerStep;
import dev.sotto.contracts.avro.ModelAnnounced;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Aggregation dies when a model's announcement is committed and is restored from a checkpoint older than its newest, whose
 * records everybody has seen: it makes the same model of the same sum again, and nothing is charged twice. Every invariant
 * of the simulation holds as well.
 */
class OldCheckpointTest {
    private static final long SEED = 5;
    /** Then it starts with nothing at all. */
    private static final int MOST_BACK = 5;

    /** Nothing else goes wrong, in two rounds of four sites. */
    private static final Breakage CALM = new Breakage() {
        @Override
        Settings settings(Settings drawn) {
            Settings.Draft draft = new Settings.Draft();
            draft.count = 2;
            draft.perBlock = 2;
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
    void release_aggregationRestoredFromOlderCheckpoints_isMadeAgainWithTheSameBytes() {
        IntStream.rangeClosed(1, MOST_BACK).parallel().forEach(back -> {
            try {
                course(back);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("%d checkpoints back".formatted(back), e);
            }
        });
    }

    private static void course(int back) throws Exception {
        try (Schedule schedule = new Schedule(SEED, CALM)) {
            FallBack fallBack = new FallBack(schedule, back);
            schedule.simulation().tell(fallBack);
            schedule.run();
            assertThat(fallBack.back).isEqualTo(back);
            EnvelopeVerifier verifier = new EnvelopeVerifier(schedule.cast().trust());
            Map<Integer, ByteBuffer> models = new HashMap<>();
            int announced = 0;
            for (Broker.Entry entry : schedule.broker().committed(Topics.MODELS)) {
                ModelAnnounced model = verifier.open(entry.value()).payload(ModelAnnounced.class);
                ByteBuffer value = ByteBuffer.wrap(entry.value());
                assertThat(models.getOrDefault(model.getRound(), value)).isEqualTo(value);
                models.put(model.getRound(), value);
                announced++;
            }
            assertThat(models).containsOnlyKeys(0, 1, 2);
            TreeSet<String> charged = new TreeSet<>();
            for (Broker.Entry entry : schedule.broker().committed(Topics.LEDGER)) {
                LedgerRecord record = verifier.open(entry.value()).payload(LedgerRecord.class);
                if (record.getStep() == LedgerStep.RESERVE) {
                    assertThat(charged.add(record.getRelease())).isTrue();
                }
            }
            assertThat(charged).hasSize(2);
            if (back == MOST_BACK) {
                assertThat(announced).isEqualTo(models.size() + 1);
            }
        }
    }

    /** Cuts the power once the first release is committed. Not thread-safe. */
    private static final class FallBack implements Simulation.Steps {
        private final Schedule schedule;
        private final int wanted;
        private int back;

        FallBack(Schedule schedule, int wanted) {
            this.schedule = schedule;
            this.wanted = wanted;
        }

        @Override
        public boolean diesAt(String server, String step) {
            if (back > 0
                    || !server.equals("aggregation")
                    || !step.equals("has committed")
                    || schedule.broker().committed(Topics.MODELS).size() < 2) {
                return false;
            }
            back = schedule.aggregation().fallBack(wanted);
            return true;
        }
    }
}
