package dev.sotto.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A server that works exactly once: it takes checkpoints of its state and its offsets, what it writes lies in a transaction
 * that is committed once the checkpoint is complete, and after a crash it goes on from its last complete one. Not
 * thread-safe.
 */
abstract class ServerNode {
    private static final long CHECKPOINT_EVERY = 2_500;
    private static final int FEW = 40;
    private static final int KEPT = 40;
    private static final long AFTER_A_CUT = 500;

    private record Complete(
            @Nullable Object state, Map<TopicPartition, Long> offsets, Broker.@Nullable Transaction written) {}

    protected final Simulation simulation;
    protected final Faults faults;
    private final String name;
    private final Broker broker;
    private final Consumption consumption;
    private final Deque<Complete> before = new ArrayDeque<>();
    private Complete complete = new Complete(null, Map.of(), null);
    private Broker.@Nullable Transaction writing;
    private int incarnation;
    private int transactions;
    private boolean up;
    private boolean changed;
    private boolean working;

    ServerNode(String name, Simulation simulation, Faults faults, Broker broker, List<TopicPartition> places) {
        this.name = name;
        this.simulation = simulation;
        this.faults = faults;
        this.broker = broker;
        this.consumption = new Consumption(simulation, faults, broker, places, this::taken);
    }

    /** Starts anew, or from a state that {@link #snapshot} returned. */
    protected abstract void begin(@Nullable Object state) throws Exception;

    /** Everything in memory is gone. */
    protected abstract void end() throws Exception;

    protected abstract void take(Broker.Entry entry) throws Exception;

    /** Whether something waits inside. */
    protected abstract boolean busy();

    /** Does up to so much of what waits inside. */
    protected abstract void work(int most) throws Exception;

    /** All it needs to go on from here. */
    protected abstract Object snapshot() throws Exception;

    /** The newest snapshot is safe. */
    protected void completed() throws Exception {}

    /** Whether a record is worth a checkpoint. */
    protected boolean matters(Broker.Entry entry) {
        return true;
    }

    final int incarnation() {
        return incarnation;
    }

    final boolean up() {
        return up;
    }

    final void start() throws Exception {
        incarnation++;
        up = true;
        changed = false;
        working = false;
        simulation.note(name + " starts");
        // A checkpoint that was complete has its records committed, be it now.
        commit(complete.written());
        begin(complete.state());
        consumption.start(complete.offsets());
        if (busy()) {
            somethingToDo();
        }
        checkpointLater();
        crashLater();
    }

    /** Its process dies. */
    final void crash() throws Exception {
        crash(() -> simulation.between(200, simulation.chance(0.1) ? 60_000 : 8_000));
    }

    /** Comes to a step, at which its process may die. */
    protected final void step(String what) {
        if (simulation.diesAt(name, what)) {
            throw new PowerCut(() -> crash(() -> AFTER_A_CUT));
        }
    }

    /**
     * Somebody has it start from an older checkpoint than its newest, the next time it starts.
     *
     * @return how many checkpoints back that is: as many as were asked for, or as are kept
     */
    final int fallBack(int checkpoints) {
        int back = 0;
        while (back < checkpoints && !before.isEmpty()) {
            complete = before.removeLast();
            back++;
        }
        return back;
    }

    private void crash(LongSupplier down) throws Exception {
        if (!up) {
            return;
        }
        simulation.note(name + " crashes");
        up = false;
        incarnation++;
        consumption.stop();
        end();
        if (writing != null) {
            // Nobody can commit it any more.
            broker.abort(writing);
            writing = null;
        }
        simulation.after(down.getAsLong(), this::start);
    }

    private void crashLater() {
        if (faults.crashEvery() == 0) {
            return;
        }
        int within = incarnation;
        double exponential = -Math.log(1 - simulation.random().nextDouble());
        simulation.after((long) (exponential * faults.crashEvery()), () -> {
            if (incarnation == within && faults.on(simulation)) {
                crash();
            }
        });
    }

    private void taken(Broker.Entry entry) throws Exception {
        if (matters(entry)) {
            changed = true;
        }
        take(entry);
        step("has taken a record");
        // Sometimes the next record comes before the last one's consequences are through.
        workOn(simulation.chance(0.3) ? simulation.random().nextInt(4) : FEW);
        somethingToDo();
    }

    private void workOn(int most) throws Exception {
        for (int i = 0; i < most && busy(); i++) {
            work(1);
            step("has done a thing");
        }
    }

    /** Sees to it that what waits inside is done. */
    protected final void somethingToDo() {
        if (working || !up || !busy()) {
            return;
        }
        working = true;
        int within = incarnation;
        simulation.after(simulation.between(0, 20), () -> {
            if (incarnation == within) {
                working = false;
                workOn(FEW);
                somethingToDo();
            }
        });
    }

    protected final void changed() {
        changed = true;
    }

    /** Writes a record that becomes visible with the next checkpoint. */
    protected final void write(String topic, byte[] key, byte[] value) {
        Broker.Transaction open = writing;
        if (open == null) {
            open = broker.begin(name + "-" + transactions++);
            writing = open;
        }
        changed = true;
        broker.append(open, topic, key, value, simulation.now());
        step("has written to " + topic);
    }

    private void checkpointLater() {
        int within = incarnation;
        simulation.after(CHECKPOINT_EVERY / 2 + simulation.between(0, CHECKPOINT_EVERY), () -> {
            if (incarnation == within) {
                if (changed) {
                    checkpoint();
                }
                checkpointLater();
            }
        });
    }

    private void checkpoint() throws Exception {
        step("begins a checkpoint");
        Object state = snapshot();
        Complete taken = new Complete(state, consumption.offsets(), writing);
        writing = null;
        changed = busy();
        int within = incarnation;
        simulation.after(simulation.between(1, 400), () -> {
            if (incarnation == within) {
                before.addLast(complete);
                if (before.size() > KEPT) {
                    before.removeFirst();
                }
                complete = taken;
                step("has completed a checkpoint");
                completed();
                simulation.after(simulation.between(0, 100), () -> {
                    if (incarnation == within) {
                        step("is about to commit");
                        commit(taken.written());
                        step("has committed");
                    }
                });
            } else if (taken.written() != null) {
                broker.abort(taken.written());
            }
        });
    }

    private void commit(Broker.@Nullable Transaction written) {
        if (written != null && written.open()) {
            broker.commit(written);
        }
    }
}
