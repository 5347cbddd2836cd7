package dev.sotto.bert;

/** Told after every step of local training, on the training thread. */
@FunctionalInterface
public interface TrainingListener {
    /** A listener that does nothing. */
    TrainingListener NONE = step -> {};

    /** A step is done. */
    void progress(TrainingStep step);
}
