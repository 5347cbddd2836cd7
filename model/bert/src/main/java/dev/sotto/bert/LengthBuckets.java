package dev.sotto.bert;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Cuts a list of texts into batches of about the same length, so that little of a batch is padding. Stateless. */
final class LengthBuckets {
    /** Batches that are drawn together before sorting: enough to find equals, few enough to stay random. */
    private static final int POOL = 12;

    private LengthBuckets() {}

    /**
     * Batches by ascending length.
     *
     * @param largestBatch texts a batch may hold
     * @param largestArea padded tokens a batch may hold, though a batch holds one text at least
     */
    static List<int[]> sorted(List<TokenizedText> texts, int largestBatch, int largestArea) {
        int[] order = byLength(texts, IntStream.range(0, texts.size()).toArray());
        List<int[]> batches = new ArrayList<>();
        int from = 0;
        for (int to = 1; to <= order.length; to++) {
            boolean full = to == order.length
                    || to - from == largestBatch
                    || (to - from + 1) * texts.get(order[to]).length() > largestArea;
            if (full) {
                batches.add(Arrays.copyOfRange(order, from, to));
                from = to;
            }
        }
        return batches;
    }

    /** Batches in random order for one pass of training; the same random source gives the same batches. */
    static List<int[]> shuffled(List<TokenizedText> texts, int batch, SplittableRandom random) {
        int[] order = IntStream.range(0, texts.size()).toArray();
        shuffle(order, random);
        List<int[]> batches = new ArrayList<>();
        for (int from = 0; from < order.length; from += batch * POOL) {
            int[] pool = byLength(texts, Arrays.copyOfRange(order, from, Math.min(order.length, from + batch * POOL)));
            List<int[]> cut = new ArrayList<>();
            for (int i = 0; i < pool.length; i += batch) {
                cut.add(Arrays.copyOfRange(pool, i, Math.min(pool.length, i + batch)));
            }
            int[] turn = IntStream.range(0, cut.size()).toArray();
            shuffle(turn, random);
            for (int i : turn) {
                batches.add(cut.get(i));
            }
        }
        return batches;
    }

    private static int[] byLength(List<TokenizedText> texts, int[] indices) {
        return Arrays.stream(indices)
                .boxed()
                .sorted(Comparator.comparingInt(index -> texts.get(index).length()))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static void shuffle(int[] values, SplittableRandom random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
    }
}
