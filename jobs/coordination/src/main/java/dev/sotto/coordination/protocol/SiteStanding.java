package dev.sotto.coordination.protocol;

import dev.sotto.secagg.TaskId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What coordination remembers of a site.
 *
 * @param refused records under its key that were refused, forged ones included
 * @param strikes by task, wrongs that its own signature or shares prove
 */
public record SiteStanding(long refused, SortedMap<String, Integer> strikes) {
    /** A site never heard of. */
    public static final SiteStanding NEW = new SiteStanding(0, Collections.emptySortedMap());

    /** Its strikes in a task. */
    public int strikes(TaskId task) {
        return strikes.getOrDefault(task.value(), 0);
    }

    SiteStanding refuse() {
        return new SiteStanding(refused + 1, strikes);
    }

    SiteStanding strike(TaskId task) {
        SortedMap<String, Integer> more = new TreeMap<>(strikes);
        more.merge(task.value(), 1, Integer::sum);
        return new SiteStanding(refused, Collections.unmodifiableSortedMap(more));
    }
}
