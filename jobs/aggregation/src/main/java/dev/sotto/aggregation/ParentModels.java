package dev.sotto.aggregation;

import dev.sotto.federation.ModelStore;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The announced models as flat vectors, the newest one kept, since all slices of a subtask ask for it. Not thread-safe. */
final class ParentModels {
    private final ModelStore store;
    private byte[] sha256 = {};
    private float @Nullable [] vector;

    ParentModels(ModelStore store) {
        this.store = store;
    }

    /**
     * The slice of the model that a round starts from; entries beyond the model's end are zero.
     *
     * @throws IOException if it cannot be read, or is not the one announced
     */
    float[] slice(RoundTerms terms, int chunk) throws IOException {
        float[] whole = vector;
        if (whole == null || !Arrays.equals(sha256, terms.modelSha256())) {
            whole = store.get(URI.create(terms.modelLocation()), terms.modelSha256())
                    .vector();
            vector = whole;
            sha256 = terms.modelSha256();
        }
        int from = terms.firstEntry(chunk);
        return Arrays.copyOfRange(whole, from, from + terms.entriesOf(chunk));
    }
}
