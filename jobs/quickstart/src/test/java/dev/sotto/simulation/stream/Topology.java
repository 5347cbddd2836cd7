package dev.sotto.simulation.stream;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.PartitionTransformation;
import org.apache.flink.streaming.api.transformations.SideOutputTransformation;
import org.apache.flink.streaming.api.transformations.UnionTransformation;
import org.apache.flink.streaming.runtime.partitioner.StreamPartitioner;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** The vertices of a job as its environment holds them, sources first, every vertex after those it reads from. */
final class Topology {
    /**
     * A stream into a vertex.
     *
     * @param from who writes it
     * @param tag the side output it is; null for the main one
     * @param partitioner how it is spread; null if each subtask writes to its own
     */
    record Stream(Vertex from, @Nullable OutputTag<?> tag, @Nullable StreamPartitioner<?> partitioner) {}

    /**
     * A source, an operator or a sink.
     *
     * @param of as the environment has it
     * @param inputs of each of its inputs the streams that flow together there
     */
    record Vertex(Transformation<?> of, List<List<Stream>> inputs) {
        String uid() {
            return of.getUid() == null ? of.getName() : of.getUid();
        }

        @Override
        public String toString() {
            return uid();
        }
    }

    private final Map<Transformation<?>, Vertex> found = new IdentityHashMap<>();
    private final List<Vertex> vertices = new ArrayList<>();

    private Topology() {}

    static Topology of(StreamExecutionEnvironment env) {
        Topology topology = new Topology();
        env.getTransformations().forEach(topology::vertex);
        return topology;
    }

    List<Vertex> vertices() {
        return vertices;
    }

    private Vertex vertex(Transformation<?> of) {
        Vertex known = found.get(of);
        if (known != null) {
            return known;
        }
        List<List<Stream>> inputs = new ArrayList<>();
        for (Transformation<?> input : of.getInputs()) {
            List<Stream> streams = new ArrayList<>();
            gather(input, null, null, streams);
            inputs.add(streams);
        }
        Vertex vertex = new Vertex(of, inputs);
        found.put(of, vertex);
        vertices.add(vertex);
        return vertex;
    }

    private void gather(
            Transformation<?> input,
            @Nullable OutputTag<?> tag,
            @Nullable StreamPartitioner<?> partitioner,
            List<Stream> into) {
        if (input instanceof UnionTransformation<?> || input instanceof PartitionTransformation<?>) {
            StreamPartitioner<?> nearest =
                    partitioner == null && input instanceof PartitionTransformation<?> partitioned
                            ? partitioned.getPartitioner()
                            : partitioner;
            input.getInputs().forEach(next -> gather(next, tag, nearest, into));
        } else if (input instanceof SideOutputTransformation<?> side) {
            input.getInputs().forEach(next -> gather(next, side.getOutputTag(), partitioner, into));
        } else {
            into.add(new Stream(vertex(input), tag, partitioner));
        }
    }
}
