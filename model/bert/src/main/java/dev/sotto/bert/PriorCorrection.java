package dev.sotto.bert;

import dev.sotto.federation.HeadKind;
import dev.sotto.federation.HeadSpec;
import dev.sotto.federation.ModelDesign;
import dev.sotto.federation.ParameterLayout;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The log prior of a site's own labels, added to the biases of the heads of texts while it trains and taken out of the result: what the
 * site learns is then the text's share, not that its labels are skewed (logit adjustment, Menon et al. 2021, section 4). Where
 * the task says the labels' shares that the model will meet, it is the site's prior over these. Immutable.
 */
final class PriorCorrection {
    /** By parameter, only those that are moved. */
    private final Map<Integer, Float> logPriors;

    private PriorCorrection(Map<Integer, Float> logPriors) {
        this.logPriors = logPriors;
    }

    /**
     * log((count + 1) / (examples + classes) / share) for every class of every head of texts, over the examples that it knows the class of.
     *
     * @param shares by head; of one that is left out all are 1
     */
    static PriorCorrection of(
            List<Example> examples, ModelDesign design, ParameterLayout layout, Map<String, List<Double>> shares) {
        Map<Integer, Float> logPriors = new HashMap<>();
        for (int head = 0; head < design.heads().size(); head++) {
            HeadSpec spec = design.heads().get(head);
            if (spec.kind() == HeadKind.TEXT) {
                List<Double> met = shares.getOrDefault(spec.name(), Collections.nCopies(spec.outputs(), 1.0));
                add(examples, head, met, layout.bias(head).offset(), logPriors);
            }
        }
        return new PriorCorrection(logPriors);
    }

    private static void add(
            List<Example> examples, int head, List<Double> shares, int bias, Map<Integer, Float> logPriors) {
        int classes = shares.size();
        int[] counts = new int[classes];
        int known = 0;
        for (Example example : examples) {
            if (example.label(head) != Example.UNKNOWN) {
                counts[example.label(head)]++;
                known++;
            }
        }
        for (int label = 0; label < classes; label++) {
            logPriors.put(
                    bias + label, (float) Math.log((counts[label] + 1.0) / (known + classes) / shares.get(label)));
        }
    }

    /** No correction. */
    static PriorCorrection none() {
        return new PriorCorrection(Map.of());
    }

    /** Adds the log priors to the parameters. */
    void add(float[] parameters) {
        logPriors.forEach((index, logPrior) -> parameters[index] += logPrior);
    }

    /** Takes them out again. */
    void subtract(float[] parameters) {
        logPriors.forEach((index, logPrior) -> parameters[index] -= logPrior);
    }
}
