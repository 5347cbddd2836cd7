package dev.sotto.coordination.protocol;

import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A block whose bundles are fixed.
 *
 * @param number the block's number
 * @param firstRound the first round it has keys for
 * @param lastRound the last one
 * @param graph who masks against whom
 * @param members sites with a bundle
 * @param sealHash the seal over their bundles
 * @param intentions what members have said about the rounds to come; who has said nothing takes part
 */
public record SealedBlock(
        int number,
        int firstRound,
        int lastRound,
        BlockGraph graph,
        SortedSet<SiteId> members,
        byte[] sealHash,
        SortedMap<SiteId, Intention> intentions) {
    /** Whether it has keys for a round. */
    boolean has(RoundId round) {
        return round.number() >= firstRound && round.number() <= lastRound;
    }

    /** With what a member says; what it said later in the transcript counts, whichever comes first. */
    SealedBlock heard(SiteId site, Intention intention) {
        Intention earlier = intentions.get(site);
        if (!members.contains(site) || earlier != null && earlier.sequence() > intention.sequence()) {
            return this;
        }
        SortedMap<SiteId, Intention> all = new TreeMap<>(intentions);
        all.put(site, intention);
        return new SealedBlock(
                number, firstRound, lastRound, graph, members, sealHash, Collections.unmodifiableSortedMap(all));
    }

    /** The members to announce: willing, not kept out, and with enough of the others to hold their shares. */
    SortedSet<SiteId> announced(Quarantine quarantine) {
        return graph.reachable(atHand(quarantine));
    }

    /** The members that are willing and not kept out. */
    SortedSet<SiteId> atHand(Quarantine quarantine) {
        SortedSet<SiteId> atHand = new TreeSet<>(members);
        atHand.removeIf(site -> quarantine.holds(site, number) || !willing(site));
        return atHand;
    }

    private boolean willing(SiteId site) {
        Intention last = intentions.get(site);
        return last == null || last.willing();
    }

    /** Tells its rounds from this one on that they will not take place. */
    List<Effect> dropRounds(TaskId task, int from) {
        List<Effect> effects = new ArrayList<>();
        for (int number = from; number <= lastRound; number++) {
            effects.add(new Effect.Tell(Recipient.round(new RoundId(task, number)), new RoundCommand.Dropped()));
        }
        return effects;
    }
}
