package dev.sotto.scoring;

import dev.sotto.bert.Variant;
import dev.sotto.federation.ModelStore;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Fetches an accepted model from the store and compiles it. Thread-safe after {@link #open()}. */
final class ModelOpening implements LiveModel.Opening {
    private final ModelStoreSource source;
    private final Variant wanted;
    private volatile @Nullable ModelStore store;

    /** @param wanted the arithmetic that is wanted now; a model that was accepted for another serves in single precision */
    ModelOpening(ModelStoreSource source, Variant wanted) {
        this.source = source;
        this.wanted = wanted;
    }

    /** Opens the store; once, before the first model. */
    void open() throws IOException {
        store = source.open();
    }

    @Override
    public SharedScorers.Lease open(ModelUpdate update) throws IOException {
        ModelStore opened = Objects.requireNonNull(store, "the store is not open");
        Variant variant = update.variant() == wanted ? wanted : Variant.FP32;
        return SharedScorers.open(opened.get(update.uri(), update.hash()), variant);
    }
}
