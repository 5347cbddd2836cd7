package dev.sotto.bert;

import dev.sotto.federation.HeadSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * How well a head that finds entities does: an entity is right if both ends and its kind are (Tjong Kim Sang and De Meulder 2003,
 * the CoNLL evaluation). One that is lost because its text was cut counts as missed.
 *
 * @param labels the counts of every kind
 * @param examples texts
 * @param right texts in which every entity and no other was found
 */
public record EntityEvaluation(List<Counts> labels, int examples, int right) implements HeadEvaluation {
    /**
     * Counts of entities.
     *
     * @param actual that are there
     * @param found that the head found, rightly or not
     * @param right that are both
     */
    public record Counts(int actual, int found, int right) {
        public double precision() {
            return found == 0 ? 0 : (double) right / found;
        }

        public double recall() {
            return actual == 0 ? 0 : (double) right / actual;
        }

        /** The harmonic mean of both; 0 if there is nothing and nothing was found. */
        public double f1() {
            return actual + found == 0 ? 0 : 2.0 * right / (actual + found);
        }

        Counts plus(Counts other) {
            return new Counts(actual + other.actual, found + other.found, right + other.right);
        }
    }

    public EntityEvaluation {
        labels = List.copyOf(labels);
    }

    /**
     * Scores the examples that were looked through for entities, and counts.
     *
     * @throws IllegalArgumentException if there are none, or the scorer has no head of tokens
     */
    public static EntityEvaluation of(Scorer scorer, List<Example> examples) {
        List<Example> known =
                examples.stream().filter(example -> example.entities() != null).toList();
        if (known.isEmpty()) {
            throw new IllegalArgumentException("there are no texts with entities to evaluate on; at least 1 is needed");
        }
        HeadSpec spec = scorer.design().heads().get(scorer.design().tokensHead());
        List<List<EntitySpan>> found =
                scorer.entities(known.stream().map(Example::text).toList());
        List<List<EntitySpan>> actual = known.stream()
                .map(example -> Objects.requireNonNull(example.entities()))
                .toList();
        return of(spec.labels().size(), actual, found);
    }

    /** Counts what was found against what is there, text by text. */
    static EntityEvaluation of(int labels, List<List<EntitySpan>> actual, List<List<EntitySpan>> found) {
        List<Counts> counts = new ArrayList<>();
        for (int label = 0; label < labels; label++) {
            counts.add(new Counts(0, 0, 0));
        }
        int right = 0;
        for (int i = 0; i < actual.size(); i++) {
            Set<EntitySpan> there = new HashSet<>(actual.get(i));
            Set<EntitySpan> said = new HashSet<>(found.get(i));
            right += there.equals(said) ? 1 : 0;
            there.forEach(span -> add(counts, span, 1, 0, said.contains(span) ? 1 : 0));
            said.forEach(span -> add(counts, span, 0, 1, 0));
        }
        return new EntityEvaluation(counts, actual.size(), right);
    }

    private static void add(List<Counts> counts, EntitySpan span, int actual, int found, int right) {
        counts.set(span.label(), counts.get(span.label()).plus(new Counts(actual, found, right)));
    }

    /** All kinds together: the F1 that is usually told. */
    public Counts micro() {
        return labels.stream().reduce(new Counts(0, 0, 0), Counts::plus);
    }

    @Override
    public double macroF1() {
        return labels.stream().mapToDouble(Counts::f1).average().orElse(0);
    }

    @Override
    public double f1(int label) {
        return labels.get(label).f1();
    }

    @Override
    public List<Double> tally() {
        List<Double> tally = new ArrayList<>(List.of((double) examples, (double) right));
        labels.forEach(
                counts -> tally.addAll(List.of((double) counts.actual, (double) counts.found, (double) counts.right)));
        return tally;
    }

    /** From counts; what noise made impossible is cut to what is possible. */
    static EntityEvaluation of(List<Double> tally) {
        List<Counts> labels = new ArrayList<>();
        for (int at = 2; at < tally.size(); at += 3) {
            int actual = HeadEvaluation.count(tally.get(at));
            int found = HeadEvaluation.count(tally.get(at + 1));
            int right = HeadEvaluation.count(tally.get(at + 2));
            labels.add(new Counts(actual, found, Math.min(right, Math.min(actual, found))));
        }
        int examples = HeadEvaluation.count(tally.get(0));
        return new EntityEvaluation(labels, examples, Math.min(examples, HeadEvaluation.count(tally.get(1))));
    }

    @Override
    public String markdown(List<String> names) {
        StringBuilder text = new StringBuilder();
        text.append("entity F1 %s, macro-F1 %s, %d of %d texts wholly right%n%n"
                .formatted(figure(micro().f1()), figure(macroF1()), right, examples));
        text.append("| kind | precision | recall | F1 | entities |%n|---|---|---|---|---|%n".formatted());
        for (int label = 0; label < labels.size(); label++) {
            text.append(row(names.get(label), labels.get(label)));
        }
        return text.append(row("all", micro())).toString();
    }

    private static String row(String name, Counts counts) {
        return "| %s | %s | %s | %s | %d |%n"
                .formatted(
                        name,
                        figure(counts.precision()),
                        figure(counts.recall()),
                        figure(counts.f1()),
                        counts.actual());
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    @Override
    public Map<String, Object> tree(List<String> names) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("rows", examples);
        tree.put("whollyRight", right);
        tree.put("microF1", micro().f1());
        tree.put("macroF1", macroF1());
        List<Map<String, Object>> kinds = new ArrayList<>();
        for (int label = 0; label < labels.size(); label++) {
            Counts counts = labels.get(label);
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("kind", names.get(label));
            figures.put("precision", counts.precision());
            figures.put("recall", counts.recall());
            figures.put("f1", counts.f1());
            figures.put("entities", counts.actual());
            kinds.add(figures);
        }
        tree.put("kinds", kinds);
        return tree;
    }
}
