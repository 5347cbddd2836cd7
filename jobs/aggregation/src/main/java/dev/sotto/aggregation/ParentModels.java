package dev.sotto.aggregation;

import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ModelManifest;
import dev.sotto.federation.ModelStore;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The models that rounds start from, out of the store and held against the announced hash; the newest one is kept, since all
 * slices of a subtask ask for it. Not thread-safe.
 */
final class ParentModels {
    private final ModelStore store;
    private byte[] sha256 = {};
    private @Nullable Parent newest;

    ParentModels(ModelStore store) {
        this.store = store;
    }

    /**
     * A model that sites trained from.
     *
     * @param manifest what it is
     * @param vector its parameters
     */
    record Parent(ModelManifest manifest, float[] vector) {}

    /** @throws IOException if the model cannot be read, or is not the one announced */
    Parent of(RoundTerms terms) throws IOException {
        Parent known = newest;
        if (known == null || !Arrays.equals(sha256, terms.modelSha256())) {
            Checkpoint checkpoint = store.get(URI.create(terms.modelLocation()), terms.modelSha256());
            known = new Parent(checkpoint.manifest(), checkpoint.vector());
            newest = known;
            sha256 = terms.modelSha256();
        }
        return known;
    }
}
