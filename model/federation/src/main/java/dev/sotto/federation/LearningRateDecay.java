package dev.sotto.federation;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the learning rate falls behind the warm-up of a round's pass. */
public enum LearningRateDecay {
    /** Not at all: a pass is short, and the mean over the sites already smooths its last steps. */
    @JsonProperty("none")
    NONE,
    /** By the same amount every example, to zero one batch behind the pass. */
    @JsonProperty("linear")
    LINEAR,
    /** Along half a cosine, to zero one batch behind the pass (Loshchilov and Hutter 2017, equation 5, without restarts). */
    @JsonProperty("cosine")
    COSINE
}
