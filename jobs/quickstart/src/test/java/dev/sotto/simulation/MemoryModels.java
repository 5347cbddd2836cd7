package dev.sotto.simulation;

import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ModelStore;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A model store on the heap. Thread-safe. */
final class MemoryModels implements ModelStore {
    private final Map<URI, Checkpoint> models = new ConcurrentHashMap<>();

    @Override
    public URI put(Checkpoint checkpoint) throws IOException {
        URI location = URI.create("memory:/" + String.join("/", checkpoint.path()));
        Checkpoint before = models.putIfAbsent(location, checkpoint);
        if (before != null && !Arrays.equals(before.sha256(), checkpoint.sha256())) {
            throw new IOException(location + " exists with other weights");
        }
        return location;
    }

    /** Puts a model where it does not belong. */
    URI place(URI location, Checkpoint checkpoint) {
        models.put(location, checkpoint);
        return location;
    }

    @Override
    public Checkpoint get(URI location, byte[] sha256) throws IOException {
        Checkpoint found = models.get(location);
        if (found == null) {
            throw new IOException("no model at " + location);
        }
        if (!Arrays.equals(found.sha256(), sha256)) {
            throw new IOException("the model at " + location + " is not the announced one");
        }
        return found;
    }
}
