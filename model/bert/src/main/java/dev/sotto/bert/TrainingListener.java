package dev.sotto.bert;

/** Told after every step of local training, on the training thread. */
@FunctionalInterface
public interface TrainingListener {
    /** A listener that does nothing. */
    TrainingListener NONE = (done, total, loss) -> {};

    /**
     * A step is done.
     *
     * @param done examples seen
     * @param total examples of this pass
     * @param loss the mean cross-entropy over the examples seen, in nats
     */
    void progress(int done, int total, double loss);
}
