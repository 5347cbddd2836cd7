package dev.sotto.aggregation;

import dev.sotto.federation.ChunkLayout;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.Ring;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What a combiner has added and not handed on yet: a sum for every round, chunk and group, in memory alone. It is empty at
 * every checkpoint. Not thread-safe.
 */
final class PartialSums {
    private final String task;
    private final ChunkLayout layout;
    private final Ring ring;
    private final Map<Place, Sum> sums = new HashMap<>();

    /**
     * Which sum.
     *
     * @param round the round's number
     * @param chunk the chunk's index
     * @param group the group
     */
    record Place(int round, int chunk, int group) {}

    private record Sum(int[] entries, List<String> sites) {}

    PartialSums(TaskDefinition task) {
        this.task = task.task();
        this.layout = task.chunks();
        this.ring = task.encoding().ring();
    }

    /** Adds a site's chunk straight from where it lies. */
    void add(Place place, String site, byte[] buffer, int from) {
        Sum sum = sums.get(place);
        if (sum == null) {
            sum = new Sum(new int[layout.entriesOf(place.chunk())], new ArrayList<>());
            sums.put(place, sum);
        }
        ring.add(buffer, from, sum.entries, 0, sum.entries.length);
        sum.sites.add(site);
    }

    /** Hands on the sums that match and forgets them. */
    void flush(Predicate<Place> which, Consumer<Partial> out) {
        sums.entrySet().removeIf(entry -> {
            if (!which.test(entry.getKey())) {
                return false;
            }
            out.accept(partial(entry.getKey(), entry.getValue()));
            return true;
        });
    }

    /** Hands on one sum and forgets it. */
    void flush(Place place, Consumer<Partial> out) {
        Sum sum = sums.remove(place);
        if (sum != null) {
            out.accept(partial(place, sum));
        }
    }

    private Partial partial(Place place, Sum sum) {
        byte[] packed = new byte[ring.bytes(sum.entries.length)];
        ring.pack(sum.entries, 0, sum.entries.length, packed, 0);
        return new Partial(task, place.round(), place.chunk(), place.group(), sum.sites, packed);
    }

    /** Forgets a round's sums. */
    void drop(int round) {
        sums.keySet().removeIf(place -> place.round() == round);
    }

    boolean isEmpty() {
        return sums.isEmpty();
    }
}
