package dev.sotto.scoring;

import dev.sotto.bert.BaseModel;
import dev.sotto.bert.Scorer;
import dev.sotto.bert.Variant;
import dev.sotto.federation.BaseSpec;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ModelDesign;
import dev.sotto.federation.ModelManifest;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The compiled models of a JVM: every slot that serves a version shares one module, which is closed when the last one
 * lets go of it. A module costs about 90 MB of native memory and a second or two to compile. Thread-safe.
 */
final class SharedScorers {
    /** What decides a compiled module. */
    private record Key(BaseSpec base, String sha256, ModelDesign design, Variant variant) {}

    /** A module and the number of its holders; compiled under its own lock, so that others wait for this one alone. */
    private static final class Entry {
        private int holders;
        private @Nullable Scorer scorer;
    }

    /** One holder's hold on a module. */
    static final class Lease implements AutoCloseable {
        private final Key key;
        private @Nullable Scorer scorer;

        private Lease(Key key, Scorer scorer) {
            this.key = key;
            this.scorer = scorer;
        }

        Variant variant() {
            return key.variant();
        }

        /** The module; open until the lease is closed. */
        Scorer scorer() {
            return Objects.requireNonNull(scorer, "this lease is closed");
        }

        @Override
        public void close() {
            if (scorer != null) {
                scorer = null;
                release(key);
            }
        }
    }

    private static final Map<Key, Entry> OPEN = new HashMap<>();
    private static final Map<BaseSpec, SoftReference<BaseModel>> BASES = new HashMap<>();

    private SharedScorers() {}

    /**
     * Compiles a checkpoint, or takes the module that is there already.
     *
     * @throws IOException if the base model's files or the checkpoint's weights cannot be read
     * @throws IllegalArgumentException if the weights do not fit the base model
     */
    static Lease open(Checkpoint checkpoint, Variant variant) throws IOException {
        ModelManifest manifest = checkpoint.manifest();
        Key key = new Key(manifest.base(), manifest.sha256(), manifest.toDesign(), variant);
        Entry entry;
        synchronized (OPEN) {
            entry = OPEN.computeIfAbsent(key, absent -> new Entry());
            entry.holders++;
        }
        try {
            synchronized (entry) {
                Scorer scorer = entry.scorer;
                if (scorer == null) {
                    scorer = compile(checkpoint, variant);
                    entry.scorer = scorer;
                }
                return new Lease(key, scorer);
            }
        } catch (IOException | RuntimeException e) {
            release(key);
            throw e;
        }
    }

    private static Scorer compile(Checkpoint checkpoint, Variant variant) throws IOException {
        ModelManifest manifest = checkpoint.manifest();
        return Scorer.compile(base(manifest.base()), manifest.toDesign(), checkpoint.vector(), variant);
    }

    /** The base model is needed again for every version; it stays as long as the heap has room for it. */
    private static BaseModel base(BaseSpec spec) throws IOException {
        synchronized (BASES) {
            SoftReference<BaseModel> reference = BASES.get(spec);
            BaseModel base = reference == null ? null : reference.get();
            if (base == null) {
                base = BaseModel.load(spec);
                BASES.put(spec, new SoftReference<>(base));
            }
            return base;
        }
    }

    private static void release(Key key) {
        Scorer closing = null;
        synchronized (OPEN) {
            Entry entry = OPEN.get(key);
            if (entry != null && --entry.holders == 0) {
                OPEN.remove(key);
                closing = entry.scorer;
            }
        }
        if (closing != null) {
            closing.close();
        }
    }

    /** Modules that are open in this JVM. */
    static int open() {
        synchronized (OPEN) {
            return OPEN.size();
        }
    }
}
