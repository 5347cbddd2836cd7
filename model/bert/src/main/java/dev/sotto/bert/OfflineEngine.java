package dev.sotto.bert;

import ai.djl.engine.Engine;

/**
 * The native engine of this module, kept off the network: libraries come from the class path, nothing is downloaded and
 * no usage is reported. The first start decides the thread counts of the process; properties the operator has set win.
 * Thread-safe.
 */
public final class OfflineEngine {
    static final String NAME = "PyTorch";

    private static final String THREADS = "ai.djl.pytorch.num_threads";
    private static final String INTEROP_THREADS = "ai.djl.pytorch.num_interop_threads";

    private OfflineEngine() {}

    /** Starts the engine with one thread a call, which suits one caller thread per slot. */
    public static void start() {
        start(1);
    }

    /**
     * Starts the engine unless it runs already.
     *
     * @param threads the threads one call may use, 1 or more; ignored if {@code ai.djl.pytorch.num_threads} is set or
     *     the engine runs
     */
    public static void start(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + " but must be at least 1");
        }
        configure();
        setIfAbsent(THREADS, Integer.toString(threads));
        Engine.getEngine(NAME);
    }

    /** Sets what must be known before any class of the engine or the tokenizer is loaded. */
    static synchronized void configure() {
        setIfAbsent("ai.djl.offline", "true");
        setIfAbsent("OPT_OUT_TRACKING", "true");
        setIfAbsent(INTEROP_THREADS, "1");
    }

    private static synchronized void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
