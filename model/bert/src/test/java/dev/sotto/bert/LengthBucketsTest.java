package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LengthBucketsTest {
    private static TokenizedText ofLength(int length) {
        return new TokenizedText(new long[length], length, new int[length], new int[length]);
    }

    private static List<TokenizedText> texts(int count) {
        return new SplittableRandom(3)
                .ints(count, 2, 128)
                .mapToObj(LengthBucketsTest::ofLength)
                .toList();
    }

    private static int[] all(List<int[]> batches) {
        return batches.stream().flatMapToInt(Arrays::stream).sorted().toArray();
    }

    @Test
    void sorted_anyTexts_holdsEachOnceWithinTheBounds() {
        for (int count : new int[] {0, 1, 31, 32, 33, 500}) {
            List<TokenizedText> texts = texts(count);
            List<int[]> batches = LengthBuckets.sorted(texts, 32, 1024);
            assertThat(all(batches)).containsExactly(IntStream.range(0, count).toArray());
            assertThat(batches).allSatisfy(batch -> {
                int longest = texts.get(batch[batch.length - 1]).length();
                assertThat(batch.length).isBetween(1, 32);
                assertThat(batch.length * longest).isLessThanOrEqualTo(1024);
            });
        }
    }

    @Test
    void sorted_aTextLargerThanTheArea_standsAlone() {
        List<int[]> batches = LengthBuckets.sorted(List.of(ofLength(50), ofLength(2), ofLength(60)), 8, 10);
        assertThat(batches).extracting(batch -> batch.length).containsExactly(1, 1, 1);
    }

    @Test
    void shuffled_withTheSameSeed_isTheSameAndHoldsEachOnce() {
        List<TokenizedText> texts = texts(333);
        List<int[]> once = LengthBuckets.shuffled(texts, 16, new SplittableRandom(9));
        List<int[]> again = LengthBuckets.shuffled(texts, 16, new SplittableRandom(9));
        List<int[]> other = LengthBuckets.shuffled(texts, 16, new SplittableRandom(10));
        assertThat(all(once)).containsExactly(IntStream.range(0, 333).toArray());
        assertThat(flat(again)).isEqualTo(flat(once));
        assertThat(flat(other)).isNotEqualTo(flat(once));
    }

    private static List<Integer> flat(List<int[]> batches) {
        return batches.stream()
                .flatMap(batch ->
                        Stream.concat(Stream.of(-1), Arrays.stream(batch).boxed()))
                .toList();
    }
}
