package dev.sotto.secagg;

import dev.sotto.secagg.RefusedException.Reason;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A site's own record of a round, against which it holds a request to unmask. A site that gave shares for two different
 * sets of survivors could hand the server both secrets of a neighbour; one that let itself be called dead after it
 * uploaded could hand over its own.
 *
 * @param minSurvivors the fewest sites whose sum this site agrees to reveal, 2 or more
 * @param uploaded whether this site has, or may have, sent an upload in the round
 * @param answered the survivors it has answered for in the round; null if it has not answered yet
 */
public record UnmaskGuard(int minSurvivors, boolean uploaded, @Nullable SurvivorSet answered) {
    /** @throws IllegalArgumentException if {@code minSurvivors} is below 2: a sum over one site is that site's vector */
    public UnmaskGuard {
        Require.that(minSurvivors >= 2, "minSurvivors", minSurvivors, "2 or more");
    }

    /**
     * Admits a request or refuses it.
     *
     * @param announced the sites announced when the round opened, as this site stored them then
     * @param survivors as listed in the request
     * @throws RefusedException with the first reason found
     */
    SurvivorSet admit(SiteId self, RoundId round, SortedSet<SiteId> announced, List<SiteId> survivors)
            throws RefusedException {
        SortedSet<SiteId> distinct = new TreeSet<>();
        for (SiteId survivor : survivors) {
            RoundGate.refuseUnless(
                    announced.contains(survivor),
                    Reason.SURVIVOR_NOT_ANNOUNCED,
                    survivor + " is not among the announced " + announced);
            RoundGate.refuseUnless(
                    distinct.add(survivor), Reason.SURVIVOR_LISTED_TWICE, survivor + " is listed more than once");
        }
        RoundGate.refuseUnless(
                distinct.size() >= minSurvivors,
                Reason.SURVIVORS_BELOW_MINIMUM,
                distinct.size() + " survivors are fewer than the " + minSurvivors + " agreed to");
        boolean alive = distinct.contains(self);
        RoundGate.refuseUnless(
                alive || !uploaded, Reason.SELF_DEAD_THOUGH_UPLOADED, self + " uploaded but is not a survivor");
        RoundGate.refuseUnless(
                !alive || uploaded, Reason.SELF_ALIVE_THOUGH_SILENT, self + " is a survivor but did not upload");
        SurvivorSet admitted = new SurvivorSet(round, announced, distinct);
        RoundGate.refuseUnless(
                answered == null || answered.equals(admitted),
                Reason.SECOND_SURVIVOR_SET,
                "round " + round + " has been answered for other survivors");
        return admitted;
    }
}
