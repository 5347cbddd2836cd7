package dev.sotto.quickstart.model;

import dev.sotto.connect.flink.FlinkModelStore;
import dev.sotto.connect.flink.StoredVersion;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ModelLineage;
import dev.sotto.federation.ModelManifest;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.TaskId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What verifying a line of models came to.
 *
 * @param models how many hold, from version 0 on
 * @param newest the last of them
 * @param broken the first that does not hold, and why; null if all do
 */
record VerifiedLine(int models, @Nullable Checkpoint newest, @Nullable String broken) {
    /**
     * Verifies a store's models from version 0 on.
     *
     * @param last the last version to look at
     * @param trust whose signatures count; null if they are not to be checked
     * @param holds told of each model that holds
     */
    static VerifiedLine of(
            TaskId task, List<StoredVersion> versions, int last, @Nullable Trust trust, Consumer<ModelManifest> holds) {
        ModelLineage lineage = new ModelLineage(task.value(), trust);
        Checkpoint newest = null;
        int models = 0;
        for (StoredVersion stored : versions) {
            if (stored.version() > last) {
                break;
            }
            Optional<String> objection;
            Checkpoint model = null;
            try {
                model = FlinkModelStore.read(stored.location());
                model.vector();
                objection = lineage.add(stored.version(), model);
            } catch (IOException e) {
                objection = Optional.of(String.valueOf(e.getMessage()));
            }
            if (objection.isPresent() || model == null) {
                return new VerifiedLine(
                        models,
                        newest,
                        "version %d: %s".formatted(stored.version(), objection.orElse("it is missing")));
            }
            holds.accept(model.manifest());
            newest = model;
            models++;
        }
        return new VerifiedLine(models, newest, null);
    }
}
