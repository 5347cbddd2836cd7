package dev.sotto.scoring;

import dev.sotto.federation.ModelStore;
import java.io.IOException;
import java.io.Serializable;

/** Opens the model store on the machine that reads it; travels with the operators. */
@FunctionalInterface
public interface ModelStoreSource extends Serializable {
    /**
     * The store.
     *
     * @throws IOException if it cannot be reached
     */
    ModelStore open() throws IOException;
}
