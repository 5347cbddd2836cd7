package dev.sotto.bert;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Explains a score by leaving words out one at a time and scoring what is left (Zeiler and Fergus 2014, section 4, on
 * words instead of image patches). Stateless.
 */
public final class Occlusion {
    /** A stretch of the text, [start, end). */
    private record Span(int start, int end) {}

    private Occlusion() {}

    /**
     * Attributes the probability of a label to the words of a text, the strongest first.
     *
     * @param head a head of texts, by its place in the scorer's design
     * @param label an index into the head's labels
     * @param maxWords the scorings it may cost, 1 or more; a text of more words is cut into as many runs of neighbouring
     *     words
     * @return one attribution per word or run; empty if the text has no words
     */
    public static List<Attribution> explain(Scorer scorer, int head, String text, int label, int maxWords) {
        int classes = scorer.design().heads().get(head).outputs();
        if (label < 0 || label >= classes) {
            throw new IllegalArgumentException(
                    "label is %d but must be below the %d classes".formatted(label, classes));
        }
        if (maxWords < 1) {
            throw new IllegalArgumentException("maxWords is " + maxWords + " but must be at least 1");
        }
        List<Span> spans = runs(words(text), maxWords);
        List<TextPair> variants = new ArrayList<>(spans.size() + 1);
        variants.add(TextPair.of(text));
        for (Span span : spans) {
            variants.add(TextPair.of(text.substring(0, span.start()) + text.substring(span.end())));
        }
        float[][] probabilities = scorer.probabilities(head, variants);
        List<Attribution> attributions = new ArrayList<>(spans.size());
        for (int i = 0; i < spans.size(); i++) {
            Span span = spans.get(i);
            attributions.add(new Attribution(
                    span.start(),
                    span.end(),
                    text.substring(span.start(), span.end()),
                    probabilities[0][label] - probabilities[i + 1][label]));
        }
        attributions.sort(Comparator.comparingDouble((Attribution a) -> Math.abs(a.score()))
                .reversed());
        return attributions;
    }

    private static List<Span> words(String text) {
        BreakIterator boundaries = BreakIterator.getWordInstance(Locale.ROOT);
        boundaries.setText(text);
        List<Span> words = new ArrayList<>();
        int start = boundaries.first();
        for (int end = boundaries.next(); end != BreakIterator.DONE; start = end, end = boundaries.next()) {
            // A stretch without a letter or digit may still be an emoji or a smiley, which speaks; blanks do not.
            if (!text.substring(start, end).isBlank()) {
                words.add(new Span(start, end));
            }
        }
        return words;
    }

    private static List<Span> runs(List<Span> words, int most) {
        int length = Math.max(1, (words.size() + most - 1) / most);
        List<Span> runs = new ArrayList<>();
        for (int i = 0; i < words.size(); i += length) {
            Span last = words.get(Math.min(words.size(), i + length) - 1);
            runs.add(new Span(words.get(i).start(), last.end()));
        }
        return runs;
    }
}
