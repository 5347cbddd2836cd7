package dev.sotto.bert;

import dev.sotto.federation.TrainingSettings;
import java.util.function.ToDoubleFunction;

/**
 * Ends a pass when rows held out say that it no longer helps, and knows the parameters at which they were served best
 * (Prechelt 1998, with patience in evaluations). Not thread-safe.
 */
final class EarlyStop {
    private final int patience;
    private final int batches;
    private final ToDoubleFunction<float[]> loss;
    private float[] best;
    private double least;
    private int inVain;

    /**
     * Takes the loss at the start, which is the best so far.
     *
     * @param patience evaluations in a row without a lower loss, 1 or more
     * @param batches of the pass
     * @param loss that of the rows held out
     */
    EarlyStop(int patience, int batches, float[] start, ToDoubleFunction<float[]> loss) {
        this.patience = patience;
        this.batches = batches;
        this.loss = loss;
        this.best = start.clone();
        this.least = loss.applyAsDouble(start);
    }

    /**
     * Looks at the rows held out, if it is time to.
     *
     * @param batch the batches that are done
     * @return whether the pass ends here
     */
    boolean endsAfter(int batch, float[] parameters) {
        if (tenths(batch) == tenths(batch - 1)) {
            return false;
        }
        double now = loss.applyAsDouble(parameters);
        if (now < least) {
            least = now;
            best = parameters.clone();
            inVain = 0;
        } else {
            inVain++;
        }
        return inVain == patience;
    }

    private long tenths(int batch) {
        return (long) batch * TrainingSettings.EVALUATIONS / batches;
    }

    /** The parameters with the lowest loss of those looked at. */
    float[] best() {
        return best;
    }
}
