package dev.sotto.federation;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What turns a batch's gradient into a site's step. */
public enum LocalOptimizer {
    /** AdamW with moments of zero at the start of every round: quick among sites whose labels are alike. */
    @JsonProperty("adamw")
    ADAMW,
    /**
     * The gradient times the rate. A site with one class learns little from it and moves little, where AdamW would take steps of
     * full length on it; for skewed labels, with an adaptive optimizer at the server (Reddi et al. 2021).
     */
    @JsonProperty("sgd")
    SGD
}
