package dev.sotto.simulation.stream;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.plugable.SerializationDelegate;
import org.apache.flink.streaming.runtime.partitioner.ConfigurableStreamPartitioner;
import org.apache.flink.streaming.runtime.partitioner.ForwardPartitioner;
import org.apache.flink.streaming.runtime.partitioner.StreamPartitioner;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** Where a stream out of a subtask goes: to its own successor at once, or into channels as its partitioner says. Not thread-safe. */
final class Route {
    private final @Nullable OutputTag<?> tag;
    private final boolean own;
    private final List<Channel> channels = new ArrayList<>();
    private final @Nullable TypeSerializer<Object> copier;
    private final @Nullable StreamPartitioner<Object> partitioner;

    @SuppressWarnings("unchecked")
    Route(Topology.Stream stream, int maxParallelism) {
        this.tag = stream.tag();
        StreamPartitioner<?> of = stream.partitioner();
        this.own = of == null || of instanceof ForwardPartitioner<?>;
        TypeInformation<?> type = tag == null ? stream.from().of().getOutputType() : tag.getTypeInfo();
        this.copier = own ? null : (TypeSerializer<Object>) serializer(type);
        this.partitioner = own || of == null ? null : (StreamPartitioner<Object>) of.copy();
        if (partitioner instanceof ConfigurableStreamPartitioner configurable) {
            configurable.configure(maxParallelism);
        }
    }

    static <T> TypeSerializer<T> serializer(TypeInformation<T> type) {
        return type.createSerializer(new ExecutionConfig().getSerializerConfig());
    }

    /** The side output it carries; null for the main one. */
    @Nullable
    OutputTag<?> tag() {
        return tag;
    }

    /** Whether a subtask writes to the subtask of the same number alone, without a queue. */
    boolean own() {
        return own;
    }

    List<Channel> channels() {
        return channels;
    }

    void add(Channel channel) {
        channels.add(channel);
    }

    /** The channels a record goes into. */
    List<Channel> choose(StreamRecord<Object> record) {
        StreamPartitioner<Object> chooser = partitioner;
        if (chooser == null || chooser.isBroadcast()) {
            return channels;
        }
        chooser.setup(channels.size());
        SerializationDelegate<StreamRecord<Object>> delegate = new SerializationDelegate<>(null);
        delegate.setInstance(record);
        return List.of(channels.get(chooser.selectChannel(delegate)));
    }

    /** The record as it is on the other side of a network. */
    StreamRecord<Object> copy(StreamRecord<Object> record) {
        TypeSerializer<Object> serializer = copier;
        return serializer == null ? record : record.copy(serializer.copy(record.getValue()));
    }
}
