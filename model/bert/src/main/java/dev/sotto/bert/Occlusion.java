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
     * @param label an index into the scorer's labels
     * @param maxWords the scorings it may cost, 1 or more; a text of more words is cut into as many runs of neighbouring
     *     words
     * @return one attribution per word or run; empty if the text has no words
     */
    public static List<Attribution> explain(Scorer scorer, String text, int label, int maxWords) {
        if (label < 0 || label >= scorer.labels().size()) {
            throw new IllegalArgumentException("label is %d but must be below the %d classes"
                    .formatted(label, scorer.labels().size()));
        }
        if (maxWords < 1) {
            throw new IllegalArgumentException("maxWords is " + maxWords + " but must be at least 1");
        }
        List<Span> spans = runs(words(text), maxWords);
        List<String> variants = new ArrayList<>(spans.size() + 1);
        variants.add(text);
        for (Span span : spans) {
            variants.add(text.substring(0, span.start()) + text.substring(span.end()));
        }
        float[][] probabilities = scorer.probabilities(variants);
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
