package dev.sotto.secagg;

/** What a site does not do for a server, and why. The site keeps its state and reports the reason. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why a site refuses. */
    public enum Reason {
        /** The round is not one of this block. */
        ROUND_UNKNOWN,
        /** The round's secrets have been erased. */
        ROUND_ERASED,
        /** The site itself is not announced for the round. */
        SELF_NOT_ANNOUNCED,
        /** An announced site has no bundle in the roster. */
        ANNOUNCED_WITHOUT_BUNDLE,
        /** An announced site's bundle is not what the block's terms ask for. */
        BUNDLE_UNFIT,
        /** More than one group is asked for on a sparse graph. */
        GROUPS_ON_SPARSE_GRAPH,
        /** Fewer of the holders of this site's shares are announced than it takes to reconstruct. */
        ANNOUNCED_BELOW_THRESHOLD,
        /** The roster's bundle for this site is not the one it dealt. */
        OWN_BUNDLE_REPLACED,
        /** A group's sum would be over fewer sites than the site agreed to. */
        SURVIVORS_BELOW_MINIMUM,
        /** Fewer of the holders of this site's shares survived than it takes to reconstruct. */
        SURVIVORS_BELOW_THRESHOLD,
        /** A survivor is named twice. */
        SURVIVOR_LISTED_TWICE,
        /** A survivor was not announced. */
        SURVIVOR_NOT_ANNOUNCED,
        /** The site is called a dropout although it uploaded. */
        SELF_DEAD_THOUGH_UPLOADED,
        /** The site is called a survivor although it uploaded nothing. */
        SELF_ALIVE_THOUGH_SILENT,
        /** The site has answered this round for other survivors. */
        SECOND_SURVIVOR_SET
    }

    private final Reason reason;

    RefusedException(Reason reason, String detail) {
        super(reason + ": " + detail);
        this.reason = reason;
    }

    /** The reason, for metrics and for what the site reports. */
    public Reason reason() {
        return reason;
    }
}
