package dev.sotto.simulation;

import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ModelStore;
import java.io.IOException;
import java.net.URI;
import java.util.HexFormat;
import java.util.function.Consumer;

/** A model store before and after whose writing there is a step, of which the second says what was stored. */
final class SteppedStore implements ModelStore {
    private final ModelStore models;
    private final Consumer<String> step;

    SteppedStore(ModelStore models, Consumer<String> step) {
        this.models = models;
        this.step = step;
    }

    @Override
    public URI put(Checkpoint checkpoint) throws IOException {
        step.accept("stores a model");
        URI location = models.put(checkpoint);
        step.accept("has stored %s: %s".formatted(location, HexFormat.of().formatHex(checkpoint.sha256())));
        return location;
    }

    @Override
    public Checkpoint get(URI location, byte[] sha256) throws IOException {
        return models.get(location, sha256);
    }
}
