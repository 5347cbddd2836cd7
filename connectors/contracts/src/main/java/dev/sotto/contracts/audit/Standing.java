package dev.sotto.contracts.audit;

/** What an audit can say of a part of a transcript. */
public enum Standing {
    /** Everything in it holds, and so does the chain up to its end. */
    VERIFIED,
    /** Something in it does not hold. */
    FINDINGS,
    /** Nothing in it is wrong by itself, but it lies behind a break in the chain. */
    UNVERIFIED
}
