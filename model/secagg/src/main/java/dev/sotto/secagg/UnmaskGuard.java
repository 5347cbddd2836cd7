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
 * @param minSurvivors the fewest sites whose sum this site agrees to reveal, 2 or more; for each group
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
     * @param groups the sites announced when the round opened, as this site stored them then
     * @param survivors as listed in the request
     * @throws RefusedException with the first reason found
     */
    SurvivorSet admit(BlockTerms terms, SiteId self, RoundId round, RoundGroups groups, List<SiteId> survivors)
            throws RefusedException {
        SortedSet<SiteId> announced = groups.announced();
        SortedSet<SiteId> distinct = new TreeSet<>();
        for (SiteId survivor : survivors) {
            RoundGate.refuseUnless(
                    announced.contains(survivor),
                    Reason.SURVIVOR_NOT_ANNOUNCED,
                    () -> survivor + " is not among the announced " + announced);
            RoundGate.refuseUnless(
                    distinct.add(survivor), Reason.SURVIVOR_LISTED_TWICE, () -> survivor + " is listed more than once");
        }
        for (int i = 0; i < groups.count(); i++) {
            int group = i;
            int left = size(groups.members(group), distinct);
            RoundGate.refuseUnless(
                    left >= minSurvivors,
                    Reason.SURVIVORS_BELOW_MINIMUM,
                    () -> left + " survivors in group " + group + " are fewer than the " + minSurvivors + " agreed to");
        }
        // Bonawitz et al. 2017, figure 4, round 4: a server that calls most of a site's holders dead is refused.
        int holders = size(terms.graph().holders(self), distinct);
        RoundGate.refuseUnless(
                holders >= terms.threshold(),
                Reason.SURVIVORS_BELOW_THRESHOLD,
                () -> holders + " survivors among the holders of the shares of " + self
                        + " are fewer than the threshold of " + terms.threshold());
        boolean alive = distinct.contains(self);
        RoundGate.refuseUnless(
                alive || !uploaded, Reason.SELF_DEAD_THOUGH_UPLOADED, () -> self + " uploaded but is not a survivor");
        RoundGate.refuseUnless(
                !alive || uploaded, Reason.SELF_ALIVE_THOUGH_SILENT, () -> self + " is a survivor but did not upload");
        SurvivorSet admitted = new SurvivorSet(round, groups, distinct);
        RoundGate.refuseUnless(
                answered == null || answered.equals(admitted),
                Reason.SECOND_SURVIVOR_SET,
                () -> "round " + round + " has been answered for other survivors");
        return admitted;
    }

    private static int size(SortedSet<SiteId> sites, SortedSet<SiteId> survivors) {
        SortedSet<SiteId> alive = new TreeSet<>(sites);
        alive.retainAll(survivors);
        return alive.size();
    }
}
