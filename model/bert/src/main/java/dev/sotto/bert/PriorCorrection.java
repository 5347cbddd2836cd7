package dev.sotto.bert;

import java.util.List;

/**
 * The log prior of a site's own labels, added to the head's bias while it trains and taken out of the result: what the
 * site learns is then the text's share, not that its labels are skewed (logit adjustment, Menon et al. 2021, section 4).
 * Immutable.
 */
final class PriorCorrection {
    private final float[] logPrior;

    private PriorCorrection(float[] logPrior) {
        this.logPrior = logPrior;
    }

    /** log((count + 1) / (examples + classes)) for every class. */
    static PriorCorrection of(List<Example> examples, int classes) {
        int[] counts = new int[classes];
        for (Example example : examples) {
            counts[example.label()]++;
        }
        float[] logPrior = new float[classes];
        for (int i = 0; i < classes; i++) {
            logPrior[i] = (float) Math.log((counts[i] + 1.0) / (examples.size() + classes));
        }
        return new PriorCorrection(logPrior);
    }

    /** No correction. */
    static PriorCorrection none(int classes) {
        return new PriorCorrection(new float[classes]);
    }

    /** Adds the log prior to the last entries of the parameters, the head's bias. */
    void add(float[] parameters) {
        shift(parameters, 1);
    }

    /** Takes it out again. */
    void subtract(float[] parameters) {
        shift(parameters, -1);
    }

    private void shift(float[] parameters, int sign) {
        int bias = parameters.length - logPrior.length;
        for (int i = 0; i < logPrior.length; i++) {
            parameters[bias + i] += sign * logPrior[i];
        }
    }
}
