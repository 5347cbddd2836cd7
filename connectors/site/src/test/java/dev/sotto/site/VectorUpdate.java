package dev.sotto.site;

import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.UpdateEncoder;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.util.List;
import java.util.SplittableRandom;

/** Updates that are known: whole lattice points after weighting, so that encoding draws nothing and sums are exact. */
final class VectorUpdate implements LocalUpdate {
    /** The most examples a round, and half and a quarter of them. */
    private static final List<Integer> EXAMPLES = List.of(32, 16, 8);

    private final TaskDefinition task;
    private final SiteId site;
    int calls;

    VectorUpdate(TaskDefinition task, SiteId site) {
        this.task = task;
        this.site = site;
    }

    static TrainedUpdate update(TaskDefinition task, SiteId site, RoundId round) {
        SplittableRandom random = new SplittableRandom(BertUpdate.seed(site, round));
        int bound = (int) (task.encoding().scale() / 256);
        float[] delta = new float[task.layout().size()];
        for (int i = 0; i < delta.length; i++) {
            delta[i] = (float)
                    (4 * random.nextInt(-bound, bound + 1) / task.encoding().scale());
        }
        int last = site.value().charAt(site.value().length() - 1);
        return new TrainedUpdate(delta, EXAMPLES.get(last % EXAMPLES.size()), 0.5, 10, last % 10, List.of());
    }

    /** The ring entries that the update is encoded into. */
    static int[] encoded(TaskDefinition task, SiteId site, RoundId round) {
        TrainedUpdate update = update(task, site, round);
        return new UpdateEncoder(task).encode(update.delta(), update.metrics(), Parties.RANDOM);
    }

    @Override
    public TrainedUpdate train(RoundTerms terms) {
        calls++;
        return update(task, site, terms.round());
    }
}
