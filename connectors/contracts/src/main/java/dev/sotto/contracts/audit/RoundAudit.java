package dev.sotto.contracts.audit;

import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.RoundResult;
import dev.sotto.contracts.avro.Survivors;
import dev.sotto.secagg.RoundGroups;
import dev.sotto.secagg.SiteId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** One round from its opening to its end. Not thread-safe. */
final class RoundAudit {
    private static final int HASH = 32;

    private final Findings findings;
    private final RoundOpen open;
    private final TranscriptPosition opened;
    private final @Nullable RoundGroups groups;
    private SortedSet<SiteId> survivors = new TreeSet<>();
    private boolean closed;
    private Outcome outcome = Outcome.RUNNING;
    private int modelVersion;
    private long last;

    /**
     * Begins at an opening, which is checked elsewhere.
     *
     * @param groups the announced sites; null if the opening announces none
     */
    RoundAudit(Findings findings, RoundOpen open, TranscriptPosition opened, @Nullable RoundGroups groups) {
        this.findings = findings;
        this.open = open;
        this.opened = opened;
        this.groups = groups;
        this.modelVersion = open.getModelVersion();
        this.last = opened.sequence();
    }

    /** Takes the list of who is in the sum. */
    void survivors(Survivors record, SurvivorAudit audit, BlockAudit block) {
        findings.same(Rule.SURVIVORS, "round", open.getRound(), record.getRound());
        closed = true;
        survivors = audit.check(block, this, record);
    }

    /** Takes the result. */
    void result(RoundResult result) {
        outcome = Outcome.RELEASED;
        modelVersion = result.getModelVersion();
        findings.same(Rule.RESULT, "round", open.getRound(), result.getRound());
        findings.same(
                Rule.RESULT,
                "length of the aggregate's hash",
                HASH,
                result.getAggregateHash().remaining());
        if (!closed) {
            return;
        }
        checkSites("survivors", names(survivors), result.getSurvivors());
        checkSites("dropouts", names(dropouts()), result.getDropouts());
    }

    private void checkSites(String field, List<String> expected, List<String> found) {
        findings.unless(
                expected.equals(found.stream().sorted().toList()),
                Rule.RESULT,
                "%s %s".formatted(field, Findings.names(expected)),
                "%s %s".formatted(field, Findings.names(found)));
    }

    void aborted(int round) {
        outcome = Outcome.ABORTED;
        findings.same(Rule.ROUND_NUMBER, "round", open.getRound(), round);
    }

    void touch(long sequence) {
        last = sequence;
    }

    RoundOpen open() {
        return open;
    }

    /** The position that every upload of the round must carry. */
    TranscriptPosition opened() {
        return opened;
    }

    /** The announced members in their groups; empty if there are none. */
    Optional<RoundGroups> groups() {
        return Optional.ofNullable(groups);
    }

    private SortedSet<SiteId> dropouts() {
        SortedSet<SiteId> dropouts = groups == null ? new TreeSet<>() : new TreeSet<>(groups.announced());
        dropouts.removeAll(survivors);
        return dropouts;
    }

    private static List<String> names(Collection<SiteId> sites) {
        return sites.stream().map(SiteId::value).toList();
    }

    RoundReport report(BiFunction<Long, Long, Standing> standing) {
        return new RoundReport(
                open.getRound(),
                opened.sequence(),
                last,
                open.getAnnounced().size(),
                open.getGroups(),
                names(survivors),
                closed ? names(dropouts()) : List.of(),
                outcome,
                modelVersion,
                open.getRhoSpent(),
                open.getEpsilonSpent(),
                standing.apply(opened.sequence(), last));
    }
}
