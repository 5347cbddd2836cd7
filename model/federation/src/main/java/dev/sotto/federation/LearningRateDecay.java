package dev.sotto.federation;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a learning rate falls: a site's behind the warm-up of a round's pass, the server's over the rounds of a task. */
public enum LearningRateDecay {
    /** Not at all: the usual of a site, as a pass is short and the mean over the sites already smooths its last steps. */
    @JsonProperty("none")
    NONE,
    /** By the same amount every step, to zero one step behind the last. */
    @JsonProperty("linear")
    LINEAR,
    /** Along half a cosine, to zero one step behind the last (Loshchilov and Hutter 2017, equation 5, without restarts). */
    @JsonProperty("cosine")
    COSINE;

    /**
     * What the rate is multiplied by.
     *
     * @param way the share of the way that is behind, 0 to 1
     */
    public double factor(double way) {
        return switch (this) {
            case NONE -> 1;
            case LINEAR -> 1 - way;
            case COSINE -> (1 + Math.cos(Math.PI * way)) / 2;
        };
    }
}
