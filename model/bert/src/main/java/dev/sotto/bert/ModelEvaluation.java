package dev.sotto.bert;

import dev.sotto.federation.HeadKind;
import dev.sotto.federation.HeadSpec;
import dev.sotto.federation.ModelDesign;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How well every head of a model does on labelled texts.
 *
 * @param heads by name, in the design's order; a head of which nothing is known in the texts is left out
 */
public record ModelEvaluation(ModelDesign design, Map<String, HeadEvaluation> heads) {
    /**
     * Scores the examples with every head.
     *
     * @throws IllegalArgumentException if nothing is known of any
     */
    public static ModelEvaluation of(Scorer scorer, List<Example> examples) {
        Map<String, HeadEvaluation> heads = new LinkedHashMap<>();
        List<HeadSpec> specs = scorer.design().heads();
        for (int i = 0; i < specs.size(); i++) {
            int head = i;
            HeadSpec spec = specs.get(head);
            if (spec.kind() == HeadKind.TOKENS) {
                if (examples.stream().anyMatch(example -> example.entities() != null)) {
                    heads.put(spec.name(), EntityEvaluation.of(scorer, examples));
                }
            } else if (examples.stream().anyMatch(example -> example.label(head) != Example.UNKNOWN)) {
                heads.put(spec.name(), Evaluation.of(scorer, head, examples));
            }
        }
        if (heads.isEmpty()) {
            throw new IllegalArgumentException("there are no labelled examples to evaluate on; at least 1 is needed");
        }
        return new ModelEvaluation(scorer.design(), heads);
    }

    /**
     * What the tallies of several sites, or of one, came to.
     *
     * @param tally as {@link #tally}, also summed and noised; a head of which no example is left is left out
     * @throws IllegalArgumentException if it is not as long as the design's heads ask for
     */
    public static ModelEvaluation ofTally(ModelDesign design, List<Double> tally) {
        int size = design.heads().stream().mapToInt(HeadSpec::tallies).sum();
        if (tally.size() != size) {
            throw new IllegalArgumentException(
                    "a tally of %d numbers is not one of these heads, which have %d".formatted(tally.size(), size));
        }
        Map<String, HeadEvaluation> heads = new LinkedHashMap<>();
        int from = 0;
        for (HeadSpec spec : design.heads()) {
            List<Double> part = tally.subList(from, from + spec.tallies());
            HeadEvaluation head = spec.kind() == HeadKind.TOKENS ? EntityEvaluation.of(part) : Evaluation.of(part);
            if (head.examples() > 0) {
                heads.put(spec.name(), head);
            }
            from += spec.tallies();
        }
        return new ModelEvaluation(design, heads);
    }

    /** The counts behind all figures, head by head in the design's order; of one of which nothing is known zeros. */
    public List<Double> tally() {
        List<Double> tally = new ArrayList<>();
        for (HeadSpec spec : design.heads()) {
            HeadEvaluation head = heads.get(spec.name());
            tally.addAll(head == null ? Collections.nCopies(spec.tallies(), 0.0) : head.tally());
        }
        return tally;
    }

    /** One head of it alone, of which something is known. */
    public ModelEvaluation of(String head) {
        return new ModelEvaluation(design, Map.of(head, Objects.requireNonNull(heads.get(head), head)));
    }

    /** Judgements of all heads. */
    public int judged() {
        return heads.values().stream().mapToInt(HeadEvaluation::examples).sum();
    }

    /** How many of them are right. */
    public int right() {
        return heads.values().stream().mapToInt(HeadEvaluation::right).sum();
    }

    /** The share of them that is right, 0 to 1. */
    public double accuracy() {
        return (double) right() / judged();
    }

    /** The mean over the heads of their macro-F1, 0 to 1. */
    public double macroF1() {
        return heads.values().stream()
                .mapToDouble(HeadEvaluation::macroF1)
                .average()
                .orElse(0);
    }

    /** The mean cross-entropy in nats of the heads of texts; not a number without any. */
    public double meanLoss() {
        return heads.values().stream()
                .filter(Evaluation.class::isInstance)
                .mapToDouble(head -> ((Evaluation) head).meanLoss())
                .average()
                .orElse(Double.NaN);
    }

    /** F1 of every label of every head, by its name; behind its head's if there are several. */
    public Map<String, Double> f1ByLabel() {
        Map<String, Double> figures = new LinkedHashMap<>();
        heads.forEach((name, evaluation) -> {
            List<String> labels = labels(name);
            for (int label = 0; label < labels.size(); label++) {
                figures.put(
                        heads.size() == 1 ? labels.get(label) : name + " " + labels.get(label), evaluation.f1(label));
            }
        });
        return figures;
    }

    private List<String> labels(String head) {
        return design.heads().get(design.head(head)).labels();
    }

    /** A section of Markdown for every head. */
    public String markdown() {
        StringBuilder text = new StringBuilder();
        heads.forEach(
                (name, evaluation) -> text.append("## %s%n%n%s%n".formatted(name, evaluation.markdown(labels(name)))));
        return text.toString();
    }

    /** As a tree of maps, lists, text and numbers, for JSON. */
    public Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("macroF1", macroF1());
        tree.put("accuracy", accuracy());
        heads.forEach((name, evaluation) -> tree.put(name, evaluation.tree(labels(name))));
        return tree;
    }
}
