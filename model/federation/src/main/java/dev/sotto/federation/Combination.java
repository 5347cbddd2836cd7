package dev.sotto.federation;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the means of groups become one update. */
public enum Combination {
    /** The mean, weighted by the groups' weights: exact, and at the mercy of any one site. */
    @JsonProperty("mean")
    MEAN,
    /** The coordinate-wise median (Yin et al. 2018): holds while fewer than half of the groups have a liar. */
    @JsonProperty("median")
    MEDIAN,
    /** The coordinate-wise mean without the largest and smallest (Yin et al. 2018). */
    @JsonProperty("trimmed-mean")
    TRIMMED_MEAN
}
