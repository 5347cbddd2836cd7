package dev.sotto.simulation;

import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.SiteId;
import java.util.List;

/**
 * The noise in the models of a federation whose sites add it, as far as it can be seen.
 *
 * @param square the mean square of an entry, in lattice points
 * @param entries how many were seen
 */
record PublishedNoise(double square, long entries) {
    /** Of all models that have been announced. */
    static PublishedNoise of(ManySites federation, TaskDefinition task) throws Exception {
        double square = 0;
        long entries = 0;
        List<ModelAnnounced> models = federation.announced();
        for (int i = 1; i < models.size(); i++) {
            for (double noise : noise(federation, task, models.get(i - 1), models.get(i))) {
                square += noise * noise;
                entries++;
            }
        }
        return new PublishedNoise(square / entries, entries);
    }

    /** A release less the plain sum of what its survivors trained, in lattice points. */
    private static double[] noise(
            ManySites federation, TaskDefinition task, ModelAnnounced parent, ModelAnnounced model) throws Exception {
        double scale = task.encoding().scale();
        double weight = model.getMetrics().getExamples() / task.training().examplesPerRound();
        weight = Math.min(model.getSurvivors().size(), weight);
        float[] before = federation.model(parent).vector();
        float[] after = federation.model(model).vector();
        double[] noise = new double[after.length];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (after[i] - before[i]) * scale * weight;
        }
        for (String survivor : model.getSurvivors()) {
            float[] update = federation.update(new SiteId(survivor), model.getRound());
            for (int i = 0; i < noise.length; i++) {
                noise[i] -= update[i] * scale;
            }
        }
        return noise;
    }
}
