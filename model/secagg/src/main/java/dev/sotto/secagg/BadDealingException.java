package dev.sotto.secagg;

/**
 * A dealer's shares, each as committed to, do not give the secret the dealer committed to. The dealer is to blame; the
 * round cannot be unmasked and is aborted.
 */
public final class BadDealingException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient SiteId dealer;

    BadDealingException(SiteId dealer, RoundId round, ShareKind kind) {
        super("the shares of " + dealer + " for round " + round + " do not give its " + kind
                + "; abort the round and keep its bundle as evidence");
        this.dealer = dealer;
    }

    /** Who dealt them. */
    public SiteId dealer() {
        return dealer;
    }
}
