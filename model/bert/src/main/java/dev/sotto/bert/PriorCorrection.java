package dev.sotto.bert;

import dev.sotto.federation.HeadKind;
import dev.sotto.federation.HeadSpec;
import dev.sotto.federation.ModelDesign;
import dev.sotto.federation.ParameterLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The log prior of a site's own labels, added to the biases of the heads of texts while it trains and taken out of the result: what the
 * site learns is then the text's share, not that its labels are skewed (logit adjustment, Menon et al. 2021, section 4).
 * Immutable.
 */
final class PriorCorrection {
    /** By parameter, only those that are moved. */
    private final Map<Integer, Float> logPriors;

    private PriorCorrection(Map<Integer, Float> logPriors) {
        this.logPriors = logPriors;
    }

    /** log((count + 1) / (examples + classes)) for every class of every head of texts, over the examples that it knows the class of. */
    static PriorCorrection of(List<Example> examples, ModelDesign design, ParameterLayout layout) {
        Map<Integer, Float> logPriors = new HashMap<>();
        for (int head = 0; head < design.heads().size(); head++) {
            HeadSpec spec = design.heads().get(head);
            if (spec.kind() == HeadKind.TEXT) {
                add(examples, head, spec.outputs(), layout.bias(head).offset(), logPriors);
            }
        }
        return new PriorCorrection(logPriors);
    }

    private static void add(List<Example> examples, int head, int classes, int bias, Map<Integer, Float> logPriors) {
        int[] counts = new int[classes];
        int known = 0;
        for (Example example : examples) {
            if (example.label(head) != Example.UNKNOWN) {
                counts[example.label(head)]++;
                known++;
            }
        }
        for (int label = 0; label < classes; label++) {
            logPriors.put(bias + label, (float) Math.log((counts[label] + 1.0) / (known + classes)));
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
