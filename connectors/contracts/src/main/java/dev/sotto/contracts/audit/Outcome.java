package dev.sotto.contracts.audit;

/** How far a block or a round has come. */
public enum Outcome {
    /** It goes on, or the transcript ends in its midst. */
    RUNNING,
    /** The block has a seal. */
    SEALED,
    /** The round has a result. */
    RELEASED,
    /** It was given up. */
    ABORTED
}
