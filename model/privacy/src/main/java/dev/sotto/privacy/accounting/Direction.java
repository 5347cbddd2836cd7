package dev.sotto.privacy.accounting;

/** Which neighbour the output is taken from: the one with the unit, which is losing it, or the one without. */
enum Direction {
    /** From the data with the unit, compared with the data without it. */
    REMOVE,
    /** From the data without the unit, compared with the data with it. */
    ADD
}
