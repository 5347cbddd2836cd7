package dev.sotto.federation;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The line of a task's models, from version 0 on: every version is there, names the one before as its parent, comes from a
 * later round, is of the same shape, says no less spent, and is signed by its publisher. Not thread-safe.
 */
public final class ModelLineage {
    private final String task;
    private final @Nullable Trust trust;
    private final Set<String> hashes = new HashSet<>();
    private @Nullable ModelManifest newest;

    /**
     * An empty line.
     *
     * @param task the task's id
     * @param trust whose signatures count; null if they are not to be checked
     */
    public ModelLineage(String task, @Nullable Trust trust) {
        this.task = task;
        this.trust = trust;
    }

    /**
     * Holds the next model against the line and, if it fits, adds it. Behind a model that does not fit nothing is vouched for.
     *
     * @param version the version as which it lies in the store
     * @return why it does not fit, if it does not
     */
    public Optional<String> add(int version, Checkpoint checkpoint) {
        ModelManifest next = checkpoint.manifest();
        Optional<String> objection =
                identity(version, next).or(() -> place(next)).or(() -> signature(checkpoint));
        if (objection.isEmpty()) {
            newest = next;
            hashes.add(next.sha256());
        }
        return objection;
    }

    private Optional<String> identity(int version, ModelManifest next) {
        int expected = newest == null ? 0 : newest.version() + 1;
        if (version != expected) {
            return Optional.of("version %d is missing in front of it".formatted(expected));
        }
        if (next.version() != version || !next.task().equals(task)) {
            return Optional.of("its manifest is that of %s version %d".formatted(next.task(), next.version()));
        }
        return Optional.empty();
    }

    private Optional<String> place(ModelManifest next) {
        ModelManifest parent = newest;
        if (parent == null) {
            return next.parent().isEmpty() && next.round() == 0
                    ? Optional.empty()
                    : Optional.of("version 0 has round %d and parent '%s' but must have round 0 and no parent"
                            .formatted(next.round(), next.parent()));
        }
        if (!next.parent().equals(parent.sha256())) {
            String known = hashes.contains(next.parent()) ? "an older version" : "no version of this store";
            return Optional.of("its parent is %s, %s; version %d is %s"
                    .formatted(next.parent(), known, parent.version(), parent.sha256()));
        }
        if (next.round() <= parent.round()) {
            return Optional.of("its round %d is not after round %d of version %d"
                    .formatted(next.round(), parent.round(), parent.version()));
        }
        if (!next.base().equals(parent.base())
                || !next.columns().equals(parent.columns())
                || !next.toDesign().equals(parent.toDesign())) {
            return Optional.of("its base, columns, adapter, heads, statistics or maxTokens are not those of version "
                    + parent.version());
        }
        if (next.rho() < parent.rho()) {
            return Optional.of("its rho %s is below %s of version %d, but what is spent stays spent"
                    .formatted(next.rho(), parent.rho(), parent.version()));
        }
        return Optional.empty();
    }

    private Optional<String> signature(Checkpoint checkpoint) {
        return trust == null ? Optional.empty() : checkpoint.objection(trust);
    }
}
