package dev.sotto.contracts;

/** Who a Kafka principal is. Topics name the roles that may write and read them. */
public enum Role {
    /** A participant; one principal a site. */
    SITE,
    /** The function service, its ticker and the Stateful Functions runtime. */
    COORDINATION,
    /** The aggregation job. */
    AGGREGATION,
    /** The scoring job. */
    SCORING,
    /** Whoever writes raw text. */
    UPSTREAM,
    /** Whoever reads scores and alerts. */
    CONSUMER,
    /** Whoever starts tasks and looks after the cluster. */
    OPERATOR
}
