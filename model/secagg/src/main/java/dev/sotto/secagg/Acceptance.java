package dev.sotto.secagg;

import java.util.List;

/** What became of one site's unmask shares. Nothing a site sends is fatal; whatever is wrong names who is to blame. */
public sealed interface Acceptance {
    /**
     * The answer counts, but for the bad shares in it.
     *
     * @param bad shares that were left out, each the sender's fault
     */
    record Accepted(List<BadShare> bad) implements Acceptance {
        /** Copies the list. */
        public Accepted {
            bad = List.copyOf(bad);
        }
    }

    /** The same answer came before. */
    record Duplicate() implements Acceptance {}

    /**
     * The answer as a whole does not count.
     *
     * @param reason why
     * @param detail the values behind it
     */
    record Rejected(Reason reason, String detail) implements Acceptance {}

    /** Why a whole answer does not count. */
    enum Reason {
        /** It is for another round. */
        WRONG_ROUND,
        /** It is from another site than the one that signed it. */
        WRONG_SENDER,
        /** The sender is not announced for the round. */
        NOT_ANNOUNCED,
        /** A different answer from the same sender has been accepted: evidence against it. */
        CONFLICT
    }

    /**
     * One share that was left out.
     *
     * @param of the site it claims to be a share of
     * @param fault what is wrong with it
     */
    record BadShare(SiteId of, Fault fault) {}

    /** What is wrong with a share. */
    enum Fault {
        /** It is of a site that was not announced for the round. */
        NOT_ANNOUNCED,
        /** It is of the secret that nobody may ask for, given the survivors. */
        WRONG_KIND,
        /** The sender holds no shares of this site. */
        NOT_A_HOLDER,
        /** The sender has given one of this site already. */
        REPEATED,
        /** It is not the share its dealer committed to. */
        COMMITMENT_MISMATCH
    }
}
