package dev.sotto.secagg;

/** Which of a site's two secrets of a round a share belongs to. A neighbour gives out at most one of the two. */
public enum ShareKind {
    /** Of the self-mask seed: asked for when the site's upload is in the sum. */
    SELF_MASK,
    /** Of the private mask key: asked for when it is not. */
    MASK_KEY
}
