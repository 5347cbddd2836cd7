package dev.sotto.simulation.stream;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.SinkTransformation;
import org.apache.flink.streaming.api.transformations.SourceTransformation;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;

/**
 * A running job: its operators, and between any two subtasks a queue of what one has sent and the other has not taken. Which
 * queue is next is chance; a queue keeps its order. Checkpoints are aligned, state is redistributed on restore as Flink
 * does, also to another parallelism. Not thread-safe.
 */
public final class StreamJob implements AutoCloseable {
    /** What a checkpoint holds: every operator's state by uid, one a subtask. */
    public record Checkpoint(int parallelism, Map<String, List<OperatorSubtaskState>> states) {}

    /** Sees records between operators: the place to break a job. */
    public interface Meddler {
        /** What arrives at the next operator instead of a record that leaves one; normally the record. */
        List<Object> instead(String from, String to, Object value);
    }

    /** What lies between subtasks. */
    record Between(List<Channel> waiting, Meddler meddler, BiConsumer<Sink<?>, Object> sinks) {
        List<Object> meddle(Topology.Vertex from, Topology.Vertex to, Object value) {
            return meddler.instead(from.uid(), to.uid(), value);
        }

        void arrived(Sink<?> sink, Object value) {
            sinks.accept(sink, value);
        }
    }

    private final Topology topology;
    private final int parallelism;
    private final Clock clock;
    private final SplittableRandom random;
    private final Between between;
    private final Map<Topology.Vertex, List<Subtask>> subtasks = new IdentityHashMap<>();
    private final Map<Source<?, ?, ?>, Topology.Vertex> sources = new LinkedHashMap<>();
    private final List<Subtask> operators = new ArrayList<>();
    private long checkpoints;

    /**
     * Starts a job.
     *
     * @param env where it is defined
     * @param splits the splits of each source
     * @param from what to start from; null for nothing
     * @param sinks told what arrives at a sink
     */
    public StreamJob(
            StreamExecutionEnvironment env,
            Map<Source<?, ?, ?>, List<String>> splits,
            @Nullable Checkpoint from,
            Clock clock,
            SplittableRandom random,
            BiConsumer<Sink<?>, Object> sinks,
            Meddler meddler)
            throws Exception {
        this.topology = Topology.of(env);
        this.parallelism = env.getParallelism();
        this.clock = clock;
        this.random = random;
        this.between = new Between(new ArrayList<>(), meddler, sinks);
        for (Topology.Vertex vertex : topology.vertices()) {
            List<Subtask> all = new ArrayList<>();
            for (int index = 0; index < parallelism; index++) {
                all.add(new Subtask(vertex, index, between));
            }
            subtasks.put(vertex, all);
        }
        topology.vertices().forEach(this::connect);
        for (Topology.Vertex vertex : topology.vertices()) {
            for (Subtask subtask : subtasks.get(vertex)) {
                open(subtask, splits, from);
            }
        }
        // Only now is everybody there to hear it.
        for (Topology.Vertex vertex : sources.values()) {
            for (Subtask subtask : subtasks.get(vertex)) {
                if (subtask.hasNoSplits()) {
                    subtask.toAll(WatermarkStatus.IDLE);
                }
            }
        }
    }

    private void connect(Topology.Vertex to) {
        for (int number = 0; number < to.inputs().size(); number++) {
            int[] channels = new int[parallelism];
            for (Topology.Stream stream : to.inputs().get(number)) {
                for (Subtask from : subtasks.get(stream.from())) {
                    Route route = new Route(stream, OperatorHarness.MAX_PARALLELISM);
                    for (Subtask reader : subtasks.get(to)) {
                        if (!route.own() || from.index() == reader.index()) {
                            route.add(new Channel(reader, number, channels[reader.index()]++));
                        }
                    }
                    from.add(route);
                }
            }
            subtasks.get(to).forEach(reader -> reader.addInput(channels[reader.index()]));
        }
    }

    @SuppressWarnings("unchecked")
    private void open(Subtask subtask, Map<Source<?, ?, ?>, List<String>> splits, @Nullable Checkpoint from)
            throws Exception {
        Transformation<?> of = subtask.vertex().of();
        if (of instanceof SourceTransformation<?, ?, ?> reads) {
            sources.put(reads.getSource(), subtask.vertex());
            List<String> all = splits.get(reads.getSource());
            List<String> mine = new ArrayList<>();
            for (int split = subtask.index(); split < all.size(); split += parallelism) {
                mine.add(all.get(split));
            }
            subtask.becomeSource(new WatermarkedSource(
                    (WatermarkStrategy<Object>) reads.getWatermarkStrategy(),
                    mine,
                    clock,
                    new SourceProgress(subtask)));
        } else if (of instanceof SinkTransformation<?, ?> writes) {
            subtask.becomeSink(writes.getSink());
        } else {
            OperatorHarness operator = OperatorHarness.of(of, parallelism, subtask.index());
            OperatorSubtaskState state = restored(subtask, from);
            if (state == null) {
                operator.initializeEmptyState();
            } else {
                operator.initializeState(state);
            }
            operator.setProcessingTime(clock.millis());
            operator.open();
            subtask.becomeOperator(operator);
            operators.add(subtask);
        }
    }

    private @Nullable OperatorSubtaskState restored(Subtask subtask, @Nullable Checkpoint from) throws Exception {
        if (from == null) {
            return null;
        }
        List<OperatorSubtaskState> states = from.states().get(subtask.vertex().uid());
        if (states == null) {
            throw new IllegalStateException("the checkpoint has no state of " + subtask.vertex());
        }
        return AbstractStreamOperatorTestHarness.repartitionOperatorState(
                AbstractStreamOperatorTestHarness.repackageState(states.toArray(OperatorSubtaskState[]::new)),
                OperatorHarness.MAX_PARALLELISM,
                from.parallelism(),
                parallelism,
                subtask.index());
    }

    /** Feeds a record to a source, as if a split had brought it. */
    public void feed(Source<?, ?, ?> source, String split, int splitNumber, Object value, long time) throws Exception {
        Topology.Vertex vertex = sources.get(source);
        if (vertex == null) {
            throw new IllegalArgumentException("the job does not read " + source);
        }
        subtasks.get(vertex).get(splitNumber % parallelism).read(split, value, time);
    }

    /** Lets every source make its periodic watermark. */
    public void periodic() {
        for (Topology.Vertex vertex : sources.values()) {
            subtasks.get(vertex).forEach(Subtask::periodic);
        }
    }

    /** Lets operators see what time it is, which fires their timers. */
    public void passTime() throws Exception {
        for (Subtask subtask : operators) {
            subtask.passTime(clock.millis());
        }
    }

    /** Whether records wait between operators, or an operator has set itself something to do. */
    public boolean busy() {
        return !between.waiting().isEmpty() || operators.stream().anyMatch(Subtask::hasMail);
    }

    /** Does up to so many things: delivers an element of a queue, or runs what an operator has set itself, as chance picks. */
    public void work(int most) throws Exception {
        List<Channel> waiting = between.waiting();
        for (int i = 0; i < most; i++) {
            List<Subtask> mail = operators.stream().filter(Subtask::hasMail).toList();
            int choices = waiting.size() + mail.size();
            if (choices == 0) {
                return;
            }
            int choice = random.nextInt(choices);
            if (choice < waiting.size()) {
                waiting.get(choice).deliver(waiting);
            } else {
                mail.get(choice - waiting.size()).runMail();
            }
        }
    }

    /** Takes an aligned checkpoint; nothing waits between operators afterwards. */
    public Checkpoint checkpoint() throws Exception {
        checkpoints++;
        Map<String, List<OperatorSubtaskState>> states = new HashMap<>();
        for (Topology.Vertex vertex : topology.vertices()) {
            drain(vertex);
            List<OperatorSubtaskState> of = new ArrayList<>();
            for (Subtask subtask : subtasks.get(vertex)) {
                if (subtask.isOperator()) {
                    of.add(subtask.snapshot(checkpoints, clock.millis()));
                }
            }
            if (!of.isEmpty()) {
                states.put(vertex.uid(), of);
            }
        }
        return new Checkpoint(parallelism, states);
    }

    private void drain(Topology.Vertex vertex) throws Exception {
        List<Channel> waiting = between.waiting();
        while (true) {
            List<Channel> into = waiting.stream()
                    .filter(channel -> channel.to().vertex() == vertex)
                    .toList();
            if (into.isEmpty()) {
                return;
            }
            into.get(random.nextInt(into.size())).deliver(waiting);
        }
    }

    /** Tells the operators that the newest checkpoint is complete. */
    public void completed() throws Exception {
        for (Subtask subtask : operators) {
            subtask.completed(checkpoints);
        }
    }

    @Override
    public void close() throws Exception {
        for (Subtask subtask : operators) {
            subtask.close();
        }
    }
}
