package dev.sotto.federation;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a head judges. */
public enum HeadKind {
    /** A text, or a pair of texts, as a whole: one label each. */
    @JsonProperty("text")
    TEXT,
    /** The words of a text: which of them name something, and what. */
    @JsonProperty("tokens")
    TOKENS
}
