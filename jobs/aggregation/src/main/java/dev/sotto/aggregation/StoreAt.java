package dev.sotto.aggregation;

import dev.sotto.connect.flink.FlinkModelStore;
import dev.sotto.federation.ModelStore;
import java.net.URI;

/**
 * A model store on one of Flink's file systems.
 *
 * @param root its root
 */
record StoreAt(URI root) implements Opener<ModelStore> {
    @Override
    public ModelStore open() {
        return new FlinkModelStore(root);
    }
}
