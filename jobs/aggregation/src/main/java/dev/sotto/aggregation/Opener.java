package dev.sotto.aggregation;

import java.io.IOException;
import java.io.Serializable;

/**
 * Opens a collaborator where an operator runs. Travels with the job graph, so it holds where a secret lies, never the
 * secret.
 *
 * @param <T> what is opened
 */
@FunctionalInterface
public interface Opener<T> extends Serializable {
    /** Opens it; called once an operator's subtask and attempt. */
    T open() throws IOException;
}
