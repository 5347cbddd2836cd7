package dev.sotto.scoring;

import dev.sotto.federation.ModelStore;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Fetches an accepted model from the store and compiles it. Thread-safe after {@link #open()}. */
final class ModelOpening implements LiveModel.Opening {
    private final ModelStoreSource source;
    private volatile @Nullable ModelStore store;

    ModelOpening(ModelStoreSource source) {
        this.source = source;
    }

    /** Opens the store; once, before the first model. */
    void open() throws IOException {
        store = source.open();
    }

    @Override
    public SharedScorers.Lease open(ModelUpdate update) throws IOException {
        ModelStore opened = Objects.requireNonNull(store, "the store is not open");
        return SharedScorers.open(opened.get(update.uri(), update.hash()), update.variant());
    }
}
