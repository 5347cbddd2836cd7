package dev.sotto.scoring;

import static dev.sotto.scoring.TestReleases.MINUTE;
import static dev.sotto.scoring.TestReleases.START;
import static dev.sotto.scoring.TestReleases.candidate;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ContributionBoundTest {
    private static final int CELLS = TestReleases.LABELS.size() * TestReleases.TOPICS.size();

    private final ContributionBound bound = new ContributionBound(rule(2));

    private static ReleaseRule rule(int messages) {
        return TestReleases.rule(messages, "0.5", "5", "unread");
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, Candidate, Contribution> open(
            ContributionBound bound, @Nullable OperatorSubtaskState state) throws Exception {
        KeyedOneInputStreamOperatorTestHarness<String, Candidate, Contribution> harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(bound), Candidate::conversation, Types.STRING);
        harness.setup();
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }

    private static List<Contribution> contributions(ReleaseRule rule, List<Candidate> messages) throws Exception {
        try (var harness = open(new ContributionBound(rule), null)) {
            for (Candidate message : messages) {
                harness.processElement(message, message.time());
            }
            harness.processWatermark(START + 10 * MINUTE - 1);
            assertThat(harness.numKeyedStateEntries()).isZero();
            assertThat(harness.numEventTimeTimers()).isZero();
            return harness.extractOutputValues();
        }
    }

    @Test
    void conversation_ofManyMessages_countsWithItsOldestWhateverTheOrder() throws Exception {
        List<Candidate> messages = List.of(
                candidate("a", 30, 9, 5),
                candidate("a", 10, 7, 0),
                candidate("a", 20, 8, 1),
                candidate("a", 20, 6, 2),
                candidate("b", 50, 1, 3));
        List<Contribution> expected =
                List.of(new Contribution(START, 0), new Contribution(START, 2), new Contribution(START, 3));
        assertThat(contributions(rule(2), messages)).containsExactlyInAnyOrderElementsOf(expected);
        List<Candidate> reversed = new ArrayList<>(messages);
        Collections.reverse(reversed);
        assertThat(contributions(rule(2), reversed)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void conversation_inTwoWindows_countsInEach() throws Exception {
        assertThat(contributions(rule(1), List.of(candidate("a", MINUTE - 1, 1, 0), candidate("a", MINUTE, 2, 0))))
                .containsExactlyInAnyOrder(new Contribution(START, 0), new Contribution(START + MINUTE, 0));
    }

    @Test
    void window_beforeItsEnd_handsNothingOnAndAfterItNothingStays() throws Exception {
        try (var harness = open(bound, null)) {
            harness.processElement(candidate("a", 10, 1, 0), START + 10);
            harness.processWatermark(START + MINUTE - 2);
            assertThat(harness.extractOutputValues()).isEmpty();
            harness.processWatermark(START + MINUTE - 1);
            assertThat(harness.extractOutputValues()).containsExactly(new Contribution(START, 0));
            assertThat(harness.numKeyedStateEntries()).isZero();
            assertThat(harness.numEventTimeTimers()).isZero();
        }
    }

    @Test
    void message_afterItsWindow_isDroppedAndCounted() throws Exception {
        try (var harness = open(bound, null)) {
            harness.processWatermark(START + MINUTE - 1);
            harness.processElement(candidate("a", MINUTE - 1, 1, 0), START + MINUTE - 1);
            harness.processElement(candidate("a", MINUTE, 2, 0), START + MINUTE);
            assertThat(bound.late()).isEqualTo(1);
            harness.processWatermark(START + 2 * MINUTE - 1);
            assertThat(harness.extractOutputValues()).containsExactly(new Contribution(START + MINUTE, 0));
        }
    }

    /** Event time begins anew after a restore, before the first watermark; the conversation has had its share. */
    @Test
    void message_afterARestoreInAWindowHandedOn_isLateStill() throws Exception {
        OperatorSubtaskState state;
        try (var harness = open(new ContributionBound(rule(2)), null)) {
            harness.processElement(candidate("a", 1, 1, 0), START + 1);
            harness.processElement(candidate("a", MINUTE, 2, 1), START + MINUTE);
            harness.processWatermark(START + MINUTE - 1);
            state = harness.snapshot(1, 1);
        }
        try (var harness = open(bound, state)) {
            harness.processElement(candidate("a", 2, 3, 0), START + 2);
            assertThat(bound.late()).isEqualTo(1);
            harness.processWatermark(START + 2 * MINUTE - 1);
            assertThat(harness.extractOutputValues()).containsExactly(new Contribution(START + MINUTE, 1));
        }
    }

    @Test
    void inputThatEnds_insideAWindow_handsNothingOn() throws Exception {
        try (var harness = open(bound, null)) {
            harness.processElement(candidate("a", 1, 1, 0), START + 1);
            harness.processWatermark(Watermark.MAX_WATERMARK);
            assertThat(harness.extractOutputValues()).isEmpty();
            assertThat(harness.numKeyedStateEntries()).isZero();
        }
    }

    /** The declared sensitivity: one conversation more changes a window's exact counts by at most so much in L1. */
    @Property(tries = 60)
    void counts_ofNeighbours_differByAtMostTheSensitivity(
            @ForAll @IntRange(min = 1, max = 4) int messages, @ForAll long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        List<Candidate> without = new ArrayList<>();
        List<Candidate> with = new ArrayList<>();
        int size = random.nextInt(60);
        for (int i = 0; i < size; i++) {
            boolean added = random.nextInt(3) == 0;
            Candidate message = candidate(
                    added ? "added" : "c" + random.nextInt(4), random.nextLong(3 * MINUTE), i, random.nextInt(CELLS));
            with.add(message);
            if (!added) {
                without.add(message);
            }
        }
        long[][] one = counts(contributions(rule(messages), without));
        long[][] other = counts(contributions(rule(messages), with));
        for (int window = 0; window < one.length; window++) {
            long distance = 0;
            for (int cell = 0; cell < CELLS; cell++) {
                distance += Math.abs(one[window][cell] - other[window][cell]);
            }
            assertThat(distance).isLessThanOrEqualTo(messages);
        }
    }

    private static long[][] counts(List<Contribution> contributions) {
        long[][] counts = new long[3][CELLS];
        for (Contribution contribution : contributions) {
            counts[(int) ((contribution.windowStart() - START) / MINUTE)][contribution.cell()]++;
        }
        return counts;
    }
}
