package dev.sotto.federation;

import com.fasterxml.jackson.annotation.JsonProperty;

/** About whom a model's epsilon speaks: without it the number says nothing. */
public enum PrivacyUnit {
    /** A whole site with all of its records. */
    @JsonProperty("site")
    SITE,
    /** One record of a site. */
    @JsonProperty("record")
    RECORD,
    /** Nobody: the model is made of no data, as version 0 is. */
    @JsonProperty("none")
    NONE;

    /** What a release of a task is about. */
    static PrivacyUnit of(TaskDefinition task) {
        return task.privacy().record() == null ? SITE : RECORD;
    }
}
