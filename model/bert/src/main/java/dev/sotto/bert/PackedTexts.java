package dev.sotto.bert;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;

/** Texts or pairs end to end by ascending length, nothing padded: what a pass of the scorer is made of. */
final class PackedTexts {
    private final int[] starts;
    private final long[] ids;
    private final long[] positions;
    private final long[] segments;
    private final long[] sizes;

    private PackedTexts(int texts, int tokens, int groups) {
        this.starts = new int[texts + 1];
        this.ids = new long[tokens];
        this.positions = new long[tokens];
        this.segments = new long[tokens];
        this.sizes = new long[2 * groups];
    }

    /**
     * The texts at these indices.
     *
     * @param indices by ascending length, at least one
     */
    static PackedTexts of(List<TokenizedText> texts, int[] indices) {
        int[] lengths =
                Arrays.stream(indices).map(index -> texts.get(index).length()).toArray();
        int groups = (int) Arrays.stream(lengths).distinct().count();
        PackedTexts packed =
                new PackedTexts(indices.length, Arrays.stream(lengths).sum(), groups);
        int group = -1;
        for (int i = 0; i < indices.length; i++) {
            if (i == 0 || lengths[i] > lengths[i - 1]) {
                group++;
                packed.sizes[2 * group + 1] = lengths[i];
            } else if (lengths[i] < lengths[i - 1]) {
                throw new IllegalArgumentException("texts are not by ascending length");
            }
            packed.sizes[2 * group]++;
            packed.put(i, texts.get(indices[i]));
        }
        return packed;
    }

    private void put(int place, TokenizedText text) {
        int from = starts[place];
        System.arraycopy(text.ids(), 0, ids, from, text.length());
        for (int token = 0; token < text.length(); token++) {
            positions[from + token] = token;
            segments[from + token] = token < text.firstLength() ? 0 : 1;
        }
        starts[place + 1] = from + text.length();
    }

    /** The first token of a text, by its place among the indices. */
    int start(int place) {
        return starts[place];
    }

    /** Its tokens. */
    int length(int place) {
        return starts[place + 1] - starts[place];
    }

    /** Ids, positions and segments of all tokens, and (groups, 2) how many texts there are of which length. */
    NDList arguments(NDManager scope) {
        Shape tokens = new Shape(ids.length);
        return new NDList(
                scope.create(ids, tokens),
                scope.create(positions, tokens),
                scope.create(segments, tokens),
                scope.create(sizes, new Shape(sizes.length / 2, 2)));
    }
}
