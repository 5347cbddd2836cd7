package dev.sotto.contracts;

import static dev.sotto.contracts.Role.AGGREGATION;
import static dev.sotto.contracts.Role.CONSUMER;
import static dev.sotto.contracts.Role.COORDINATION;
import static dev.sotto.contracts.Role.OPERATOR;
import static dev.sotto.contracts.Role.SCORING;
import static dev.sotto.contracts.Role.SITE;
import static dev.sotto.contracts.Role.UPSTREAM;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The topic catalogue: the one place that says which topics exist, how they are kept and who may touch them. */
public final class Topics {
    private static final int KIB = 1024;
    private static final int SMALL = 1024 * KIB;
    private static final int LARGE = 4 * 1024 * KIB;
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration MONTH = Duration.ofDays(30);

    /** Enrolment, bundles and unmask shares: signed by sites. */
    public static final TopicSpec SITES =
            new TopicSpec("fl.sites", 4, MONTH, false, true, LARGE, Set.of(SITE), Set.of(COORDINATION));

    /** The transcript: signed and hash-chained by coordination. One partition, because its order is its meaning. */
    public static final TopicSpec ROUNDS = new TopicSpec(
            "fl.rounds",
            1,
            MONTH,
            true,
            true,
            LARGE,
            Set.of(COORDINATION),
            Set.of(SITE, AGGREGATION, SCORING, OPERATOR, CONSUMER));

    /** Masked chunks. */
    public static final TopicSpec UPDATES =
            new TopicSpec("fl.updates", 4, WEEK, false, true, SMALL, Set.of(SITE), Set.of(AGGREGATION));

    /** Signed manifests, and coordination's ticks. */
    public static final TopicSpec MANIFESTS =
            new TopicSpec("fl.manifests", 2, WEEK, false, true, SMALL, Set.of(SITE, COORDINATION), Set.of(AGGREGATION));

    /** Accepted uploads and closed windows. */
    public static final TopicSpec ARRIVALS = new TopicSpec(
            "fl.arrivals", 2, MONTH, false, true, SMALL, Set.of(AGGREGATION), Set.of(COORDINATION, OPERATOR));

    /** Reconstructed seeds: for the aggregation job's eyes alone. */
    public static final TopicSpec UNMASK =
            new TopicSpec("fl.unmask", 1, WEEK, false, true, LARGE, Set.of(COORDINATION), Set.of(AGGREGATION));

    /** Model announcements. */
    public static final TopicSpec MODELS = new TopicSpec(
            "fl.models",
            1,
            MONTH,
            true,
            true,
            SMALL,
            Set.of(AGGREGATION, OPERATOR),
            Set.of(SITE, COORDINATION, SCORING, AGGREGATION, CONSUMER, OPERATOR));

    /** The privacy ledger, which coordination reads back before it believes what it has charged. */
    public static final TopicSpec LEDGER = new TopicSpec(
            "fl.ledger",
            1,
            MONTH,
            true,
            true,
            SMALL,
            Set.of(COORDINATION),
            Set.of(COORDINATION, AGGREGATION, OPERATOR, CONSUMER));

    /** Raw chat text. */
    public static final TopicSpec CHAT =
            new TopicSpec("text.chat", 4, WEEK, false, false, SMALL, Set.of(UPSTREAM), Set.of(SCORING));

    /** Raw finance text. */
    public static final TopicSpec FINANCE =
            new TopicSpec("text.finance", 4, WEEK, false, false, SMALL, Set.of(UPSTREAM), Set.of(SCORING));

    /** Anonymized, scored text. */
    public static final TopicSpec SCORED =
            new TopicSpec("text.scored", 4, MONTH, false, false, SMALL, Set.of(SCORING), Set.of(CONSUMER));

    /** Alerts as CloudEvents. */
    public static final TopicSpec ALERTS =
            new TopicSpec("alerts", 2, MONTH, false, false, SMALL, Set.of(SCORING), Set.of(CONSUMER, OPERATOR));

    /** Counts under differential privacy. One partition, because what was spent adds up in order; kept for auditors. */
    public static final TopicSpec RELEASED = new TopicSpec(
            "analytics.released", 1, MONTH, true, true, SMALL, Set.of(SCORING), Set.of(CONSUMER, OPERATOR));

    private static final List<TopicSpec> SOURCES = List.of(
            SITES, ROUNDS, UPDATES, MANIFESTS, ARRIVALS, UNMASK, MODELS, LEDGER, CHAT, FINANCE, SCORED, ALERTS,
            RELEASED);

    private static final List<TopicSpec> REFUSABLE =
            List.of(SITES, ROUNDS, UPDATES, MANIFESTS, ARRIVALS, UNMASK, MODELS, LEDGER, CHAT, FINANCE);

    private Topics() {}

    /** Every topic, dead letters included. */
    public static List<TopicSpec> all() {
        List<TopicSpec> all = new ArrayList<>(SOURCES);
        for (TopicSpec source : REFUSABLE) {
            // A dead letter carries the refused value, so it needs room for the largest one and its own fields.
            all.add(new TopicSpec(
                    source.deadLetters(),
                    1,
                    MONTH,
                    false,
                    true,
                    source.maxMessageBytes() + SMALL,
                    Set.of(COORDINATION, AGGREGATION, SCORING),
                    Set.of(OPERATOR)));
        }
        return List.copyOf(all);
    }

    /** The topic of that name. */
    public static TopicSpec named(String name) {
        return all().stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is not a topic of the catalogue"));
    }
}
