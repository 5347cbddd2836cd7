package dev.sotto.bert;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A TorchScript module in native memory. Calls may come from many threads at once; closing waits for the running ones.
 * Every call has its own manager of native arrays, closed before it returns, so nothing outlives a call.
 */
final class TorchModule implements AutoCloseable {
    private static final String[] NO_EXTRA_FILES = {};

    /** Makes a call's arguments in the call's own scope. */
    interface Arguments {
        NDList on(NDManager scope);
    }

    private final PtNDManager manager;
    private final PtSymbolBlock block;
    private final ReadWriteLock life = new ReentrantReadWriteLock();
    private boolean closed;

    private TorchModule(PtNDManager manager, PtSymbolBlock block) {
        this.manager = manager;
        this.block = block;
    }

    /**
     * Compiles a module. The archive passes through a temporary file, since reading a stream costs four copies.
     *
     * @param differentiable whether gradients may pass through its tensors; a little slower
     */
    static TorchModule load(ScriptObject module, ScriptSource source, boolean differentiable) {
        OfflineEngine.start();
        PtNDManager manager = (PtNDManager) NDManager.newBaseManager(OfflineEngine.NAME);
        try {
            Path file = Files.createTempFile("sotto-", ".pt");
            try {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
                    TorchScriptArchive.write(module, source.toString(), out);
                }
                return new TorchModule(
                        manager,
                        JniUtils.loadModule(manager, file, false, NO_EXTRA_FILES, NO_EXTRA_FILES, differentiable));
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            manager.close();
            throw new UncheckedIOException("the module cannot pass through the temporary directory", e);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    /**
     * Calls a method that computes no gradient.
     *
     * @return the values of the one tensor it returns, row-major
     */
    float[] call(String method, Arguments arguments) {
        return call(method, arguments, false);
    }

    /** Calls a method that computes gradients inside the script. */
    float[] callWithGradients(String method, Arguments arguments) {
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(true);
        try {
            return call(method, arguments, true);
        } finally {
            JniUtils.setGradMode(before);
        }
    }

    private float[] call(String method, Arguments arguments, boolean gradients) {
        life.readLock().lock();
        try (NDManager scope = open()) {
            // Both switches are the native thread's own. Without this one every new shape is compiled anew.
            JniUtils.setGraphExecutorOptimize(false);
            NDList inputs = arguments.on(scope);
            NDArray name = scope.create(0);
            name.setName("module_method:" + method);
            inputs.add(name);
            return IValueUtils.forward(block, inputs, gradients)
                    .singletonOrThrow()
                    .toFloatArray();
        } finally {
            life.readLock().unlock();
        }
    }

    private NDManager open() {
        if (closed) {
            throw new IllegalStateException("this module is closed; load it again");
        }
        return manager.newSubManager();
    }

    /** Native arrays and scopes that are alive between calls; constant unless something leaks. */
    int nativeResources() {
        return manager.getManagedArrays().size();
    }

    @Override
    public void close() {
        life.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                block.close();
                manager.close();
            }
        } finally {
            life.writeLock().unlock();
        }
    }
}
