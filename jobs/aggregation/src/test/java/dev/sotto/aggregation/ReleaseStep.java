package dev.sotto.aggregation;

/** The steps from a round's charge to its publication, in their order: at each the process can end. */
enum ReleaseStep {
    /** The seeds are here and no noise is drawn. */
    BEFORE_NOISE,
    /** One slice is noised and no other. */
    BETWEEN_SLICES,
    /** The model is made and nothing of it stored. */
    BEFORE_STORING,
    /** The checkpoint has its weights; of the manifest there is a part. */
    HALF_STORED,
    /** The checkpoint is stored and not announced. */
    STORED,
    /** The announcement is signed, in a transaction that no checkpoint knows. */
    SIGNED,
    /** The announcement has reached the broker for a checkpoint that is not complete. */
    FLUSHED,
    /** The checkpoint is complete and its transaction open. */
    CHECKPOINTED,
    /** The announcement is out, and no checkpoint knows that it is. */
    COMMITTED
}
