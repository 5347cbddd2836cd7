package dev.sotto.simulation;

import dev.sotto.federation.RoundMetrics;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.UpdateEncoder;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import dev.sotto.site.LocalUpdate;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What every site trains, in whole lattice points, so that encoding changes nothing; and which of its vectors lies under
 * which root. Every training gives another vector, as real ones do. Not thread-safe.
 */
final class Contributions {
    private static final int EXAMPLES = 32;
    private static final int MOST = 18;

    private record Trained(SiteId site, int round) {}

    private record Upload(SiteId site, int round, ByteBuffer root) {}

    private final TaskDefinition task;
    private final UpdateEncoder encoder;
    private final Map<Trained, float[]> updates = new HashMap<>();
    private final Map<Trained, List<Double>> tallies = new HashMap<>();
    private final Map<SiteId, int[]> newest = new HashMap<>();
    private final Map<Upload, int[]> uploads = new HashMap<>();
    private int trainings;

    Contributions(TaskDefinition task) {
        this.task = task;
        this.encoder = new UpdateEncoder(task);
    }

    /** Trains. */
    LocalUpdate.TrainedUpdate train(SiteId site, RoundId round) {
        SplittableRandom random = new SplittableRandom(31L * (31L * site.hashCode() + round.number()) + trainings++);
        float[] delta = new float[task.layout().size()];
        for (int i = 0; i < delta.length; i++) {
            delta[i] =
                    (float) (random.nextInt(-MOST, MOST + 1) / task.encoding().scale());
        }
        int correct = random.nextInt(11);
        List<Double> tally = task.tally().size() == 0 ? List.of() : List.of((double) correct, 3.0, 2.0, 20.0);
        RoundMetrics metrics = new RoundMetrics(EXAMPLES, 0.5 * EXAMPLES, 10, correct, tally);
        tallies.put(new Trained(site, round.number()), tally);
        updates.put(new Trained(site, round.number()), delta.clone());
        if (!task.privacy().distributed()) {
            // Where sites add the noise, no two encodings are the same.
            newest.put(site, encoder.encode(delta, metrics, new SeededRandom(0)));
        }
        return new LocalUpdate.TrainedUpdate(delta, EXAMPLES, 0.5, 10, correct, tally);
    }

    /** What a site has trained last for a round. */
    float[] update(SiteId site, int round) {
        return updates.get(new Trained(site, round)).clone();
    }

    /** What it has judged then. */
    List<Double> tally(SiteId site, int round) {
        return tallies.get(new Trained(site, round));
    }

    /** A site has signed a root over its newest vector. */
    void signed(SiteId site, int round, ByteBuffer root) {
        int[] vector = newest.get(site);
        if (vector != null) {
            uploads.putIfAbsent(new Upload(site, round, root), vector);
        }
    }

    /** A site has signed a root over what it says it has trained. */
    void signed(SiteId site, int round, ByteBuffer root, int[] vector) {
        uploads.put(new Upload(site, round, root), vector);
    }

    /** The plain vector under a root; null if the root is over nothing. */
    int @Nullable [] under(SiteId site, int round, ByteBuffer root) {
        return uploads.get(new Upload(site, round, root));
    }
}
