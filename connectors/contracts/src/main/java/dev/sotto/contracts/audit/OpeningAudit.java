package dev.sotto.contracts.audit;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.federation.EncodingSettings;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.RoundGroups;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Checks the opening of a round: its place in the block, the task's own settings, who is announced and in which groups. Stateless. */
final class OpeningAudit {
    private final AuditContext context;
    private final Findings findings;
    private final TaskDefinition task;

    OpeningAudit(AuditContext context) {
        this.context = context;
        this.findings = context.findings();
        this.task = context.task().definition();
    }

    /**
     * Checks an opening and gives the groups; empty if there are none.
     *
     * @param newestRound the newest round opened before
     */
    Optional<RoundGroups> check(BlockAudit block, RoundOpen open, int newestRound) {
        int number = open.getRound();
        int least = Math.max(block.firstRound(), newestRound + 1);
        findings.same(Rule.ROUND_NUMBER, "block", block.number(), open.getBlock());
        findings.unless(
                number >= least && number <= block.lastRound(),
                Rule.ROUND_NUMBER,
                "a round from %d to %d".formatted(least, block.lastRound()),
                "round " + number);
        checkSettings(block, open);
        SortedSet<SiteId> announced = announced(block, open);
        return announced.isEmpty() || number < 1 ? Optional.empty() : groups(block, open, announced);
    }

    private void checkSettings(BlockAudit block, RoundOpen open) {
        EncodingSettings encoding = task.encoding();
        findings.same(Rule.ROUND_SETTINGS, "entries", task.chunks().entries(), open.getEntries());
        findings.same(Rule.ROUND_SETTINGS, "chunkEntries", encoding.chunkEntries(), open.getChunkEntries());
        findings.same(Rule.ROUND_SETTINGS, "ringBits", encoding.ringBits(), open.getRingBits());
        findings.same(Rule.ROUND_SETTINGS, "scale", encoding.scale(), open.getScale());
        findings.same(Rule.ROUND_SETTINGS, "sigma", context.task().sigma(), open.getSigma());
        findings.same(Rule.ROUND_SETTINGS, "minSurvivors", task.rounds().minSurvivors(), open.getMinSurvivors());
        findings.same(Rule.TASK_CHANGED, "task hash", context.task().hash(), AvroCodec.bytes(open.getTaskHash()));
        findings.same(Rule.SEAL, "seal of the block", block.sealHash(), AvroCodec.bytes(open.getSealHash()));
    }

    private SortedSet<SiteId> announced(BlockAudit block, RoundOpen open) {
        SortedSet<SiteId> announced = new TreeSet<>();
        SortedSet<String> foreign = new TreeSet<>(open.getAnnounced());
        for (SiteId member : block.members()) {
            if (foreign.remove(member.value())) {
                announced.add(member);
            }
        }
        findings.unless(
                foreign.isEmpty(),
                Rule.ANNOUNCED,
                "members of block %d, %s".formatted(block.number(), Findings.names(block.members())),
                Findings.names(foreign));
        findings.same(
                Rule.ANNOUNCED,
                "number of announced sites, each once,",
                announced.size() + foreign.size(),
                open.getAnnounced().size());
        int least = Math.max(task.rounds().minSurvivors(), block.leastSurvivors());
        findings.unless(
                announced.size() >= least,
                Rule.ANNOUNCED,
                "at least %d announced members".formatted(least),
                announced.size() + " of them");
        return announced;
    }

    private Optional<RoundGroups> groups(BlockAudit block, RoundOpen open, SortedSet<SiteId> announced) {
        int agreed = block.isComplete() ? task.groups(announced.size()) : 1;
        findings.same(Rule.GROUPS, "groups", agreed, open.getGroups());
        try {
            RoundId id = new RoundId(context.task().id(), open.getRound());
            return Optional.of(RoundGroups.draw(block.sealHash(), id, announced, open.getGroups()));
        } catch (IllegalArgumentException e) {
            findings.add(Rule.GROUPS, "groups that can be drawn", String.valueOf(e.getMessage()));
            return Optional.of(RoundGroups.single(announced));
        }
    }
}
