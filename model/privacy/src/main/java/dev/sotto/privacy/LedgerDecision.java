package dev.sotto.privacy;

/** The ledger's answer to a reservation or a commit. */
public sealed interface LedgerDecision {
    /** Whether the ledger now holds what was asked, newly or from before. */
    default boolean accepted() {
        return !(this instanceof Refused);
    }

    /**
     * A new entry stands at the head of the chain.
     *
     * @param entry the new entry
     */
    record Appended(LedgerEntry entry) implements LedgerDecision {}

    /**
     * The same was asked before; nothing was charged or written now.
     *
     * @param entry the entry from then
     */
    record Repeated(LedgerEntry entry) implements LedgerDecision {}

    /**
     * Nothing was written; the release must not happen.
     *
     * @param reason names the values, the bound and the remedy
     */
    record Refused(String reason) implements LedgerDecision {}
}
