package dev.sotto.scoring;

import dev.sotto.bert.Scorer;
import dev.sotto.contracts.ServingTurn;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model a subtask scores with, and the next one being compiled beside it. The swap happens only in {@link #advance},
 * which the owner calls between batches. All methods are called from one thread; compiling happens on the executor.
 *
 * <p>A model that reaches this class was accepted for the whole job, so one that cannot be opened here means that this
 * machine cannot reach the store: the old one goes on and the new one is tried again.
 */
final class LiveModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveModel.class);
    private static final int NONE = -1;

    /** Fetches and compiles; runs on the executor. */
    @FunctionalInterface
    interface Opening {
        SharedScorers.Lease open(ModelUpdate update) throws IOException;
    }

    private final Opening opening;
    private final Executor executor;
    private final long retryMillis;

    private SharedScorers.@Nullable Lease current;
    private @Nullable ModelUpdate inUse;
    private @Nullable ModelUpdate wanted;
    private @Nullable CompletableFuture<SharedScorers.Lease> next;
    private @Nullable ModelUpdate compiling;
    private long retryAt = Long.MIN_VALUE;
    private long failures;

    LiveModel(Opening opening, Executor executor, Duration retry) {
        this.opening = opening;
        this.executor = executor;
        this.retryMillis = retry.toMillis();
    }

    /** Opens a model at once, as after a restart; there is no older one to go on with, so a failure is the caller's. */
    void start(ModelUpdate update) throws IOException {
        use(opening.open(update), update);
        wanted = update;
    }

    /** Begins to move to a model; one that comes before what is already wanted, in the order in which they serve, is ignored. */
    void follow(ModelUpdate update, long now) {
        if (wanted != null && !update.isAfter(wanted)) {
            return;
        }
        wanted = update;
        retryAt = now;
        compile(now);
    }

    private void compile(long now) {
        ModelUpdate target = wanted;
        if (next != null || target == null || target.equals(inUse) || now < retryAt) {
            return;
        }
        compiling = target;
        next = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return opening.open(target);
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                executor);
    }

    /** Between two batches: swaps if the next model is ready. Returns whether it did. */
    boolean advance(long now) {
        CompletableFuture<SharedScorers.Lease> ready = next;
        if (ready == null || !ready.isDone()) {
            compile(now);
            return false;
        }
        ModelUpdate made = Objects.requireNonNull(compiling);
        next = null;
        try {
            SharedScorers.Lease lease = ready.join();
            if (withdrawn(made)) {
                lease.close();
                return false;
            }
            use(lease, made);
            return true;
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            failures++;
            retryAt = now + retryMillis;
            LOG.warn(
                    "model version {} cannot be opened here; version {} goes on and it is tried again in {} ms",
                    made.version(),
                    inUse == null ? "none" : inUse.version(),
                    retryMillis,
                    e.getCause());
            return false;
        } finally {
            compile(now);
        }
    }

    /** Waits for the model that is being compiled, if one is, and swaps; for the end of a bounded input. */
    void settle(long now) {
        while (next != null) {
            CompletableFuture<SharedScorers.Lease> pending = next;
            pending.handle((lease, failure) -> true).join();
            advance(now);
        }
    }

    /** Whether a rollback came while it was compiled, so that it must not serve even for a batch. */
    private boolean withdrawn(ModelUpdate made) {
        return wanted != null && wanted.version() < made.version();
    }

    private void use(SharedScorers.Lease lease, ModelUpdate update) {
        SharedScorers.Lease old = current;
        current = lease;
        inUse = update;
        if (old != null) {
            old.close();
        }
    }

    /** Whether there is a model to score with. */
    boolean ready() {
        return current != null;
    }

    /** Whether another model is wanted than the one in use. */
    boolean behind() {
        return wanted != null && !wanted.equals(inUse);
    }

    /** The model in use; only if {@link #ready}. */
    Scorer scorer() {
        return Objects.requireNonNull(current, "no model yet").scorer();
    }

    /** The version in use, -1 before the first. */
    int version() {
        return inUse == null ? NONE : inUse.version();
    }

    /** The place of the model in use in the order in which models serve; only if {@link #ready}. */
    ServingTurn turn() {
        return Objects.requireNonNull(inUse, "no model yet").turn();
    }

    /** How often an accepted model could not be opened here. */
    long failures() {
        return failures;
    }

    @Override
    public void close() {
        if (next != null) {
            next.whenComplete((lease, failure) -> {
                if (lease != null) {
                    lease.close();
                }
            });
            next = null;
        }
        if (current != null) {
            current.close();
            current = null;
        }
    }
}
