package dev.sotto.site;

import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.util.SplittableRandom;

/** Updates that are known: whole lattice points, so that encoding changes nothing and sums are exact. */
final class VectorUpdate implements LocalUpdate {
    private final TaskDefinition task;
    private final SiteId site;
    int calls;

    VectorUpdate(TaskDefinition task, SiteId site) {
        this.task = task;
        this.site = site;
    }

    static int[] encoded(TaskDefinition task, SiteId site, RoundId round) {
        SplittableRandom random = new SplittableRandom(BertUpdate.seed(site, round));
        int[] points = new int[task.layout().paddedSize()];
        for (int i = 0; i < task.layout().size(); i++) {
            points[i] = random.nextInt(-1000, 1001);
        }
        return points;
    }

    @Override
    public TrainedUpdate train(RoundTerms terms) {
        calls++;
        int[] points = encoded(task, site, terms.round());
        float[] delta = new float[task.layout().size()];
        for (int i = 0; i < delta.length; i++) {
            delta[i] = (float) (points[i] / task.encoding().scale());
        }
        return new TrainedUpdate(delta, 7, 0.5);
    }
}
