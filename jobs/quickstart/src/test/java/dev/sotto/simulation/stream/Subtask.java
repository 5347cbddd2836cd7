package dev.sotto.simulation.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.runtime.watermarkstatus.StatusWatermarkValve;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** One subtask of a vertex: a source's, an operator's or a sink's. Not thread-safe. */
final class Subtask {
    private final Topology.Vertex vertex;
    private final int index;
    private final StreamJob.Between between;
    private final List<Route> routes = new ArrayList<>();
    private final List<StatusWatermarkValve> valves = new ArrayList<>();
    private @Nullable OperatorHarness operator;
    private @Nullable WatermarkedSource source;
    private @Nullable Sink<?> sink;

    Subtask(Topology.Vertex vertex, int index, StreamJob.Between between) {
        this.vertex = vertex;
        this.index = index;
        this.between = between;
    }

    Topology.Vertex vertex() {
        return vertex;
    }

    int index() {
        return index;
    }

    void add(Route route) {
        routes.add(route);
    }

    /** Adds the next input, in which so many channels flow together. */
    void addInput(int channels) {
        valves.add(new StatusWatermarkValve(channels));
    }

    void becomeSource(WatermarkedSource reader) {
        source = reader;
    }

    void becomeSink(Sink<?> of) {
        sink = of;
    }

    void becomeOperator(OperatorHarness running) throws Exception {
        operator = running;
        forward();
    }

    boolean isOperator() {
        return operator != null;
    }

    /** A source's split has brought a record. */
    void read(String split, Object value, long time) throws Exception {
        WatermarkedSource reader = Objects.requireNonNull(source, () -> vertex + " is no source");
        long timestamp = reader.timestamp(value, time);
        emit(null, new StreamRecord<>(value, timestamp));
        reader.saw(split, value, timestamp);
    }

    /** Whether it is a source's and there is nothing for it to read. */
    boolean hasNoSplits() {
        return source != null && source.hasNoSplits();
    }

    void periodic() {
        if (source != null) {
            source.periodic();
        }
    }

    boolean hasMail() {
        return operator != null && operator.getTaskMailbox().hasMail();
    }

    /** Runs the next thing that the operator has set itself. */
    void runMail() throws Exception {
        Optional<Mail> mail = running().getTaskMailbox().tryTake(TaskMailbox.MIN_PRIORITY);
        if (mail.isPresent()) {
            mail.get().run();
            forward();
        }
    }

    /** Lets the operator see the time, which fires its timers. */
    void passTime(long now) throws Exception {
        running().setProcessingTime(now);
        forward();
    }

    OperatorSubtaskState snapshot(long checkpoint, long now) throws Exception {
        running().prepareSnapshotPreBarrier(checkpoint);
        forward();
        return running().snapshot(checkpoint, now);
    }

    void completed(long checkpoint) throws Exception {
        running().notifyOfCompletedCheckpoint(checkpoint);
        forward();
    }

    void close() throws Exception {
        if (operator != null) {
            operator.close();
        }
    }

    private OperatorHarness running() {
        return Objects.requireNonNull(operator, () -> vertex + " is no operator");
    }

    /** Takes what a channel delivers. */
    void accept(Channel channel, Object element) throws Exception {
        if (element instanceof StreamRecord<?> record) {
            if (operator != null) {
                operator.element(channel.input(), record);
                forward();
            } else if (sink != null) {
                between.arrived(sink, record.getValue());
            }
        } else if (operator != null) {
            StatusWatermarkValve valve = valves.get(channel.input());
            InputProgress progress = new InputProgress(operator, channel.input());
            if (element instanceof Watermark watermark) {
                valve.inputWatermark(watermark, channel.place(), progress);
            } else {
                valve.inputWatermarkStatus((WatermarkStatus) element, channel.place(), progress);
            }
            forward();
        }
    }

    /** Sends on what the operator has put out. */
    @SuppressWarnings("unchecked")
    private void forward() throws Exception {
        OperatorHarness from = running();
        // Side outputs first: a watermark in the main output follows what was put out before it anywhere.
        for (Route route : routes) {
            OutputTag<?> tag = route.tag();
            if (tag != null) {
                Queue<?> side = from.getSideOutput(tag);
                while (side != null && !side.isEmpty()) {
                    emit(tag, (StreamRecord<Object>) side.remove());
                }
            }
        }
        Queue<Object> main = from.getOutput();
        while (!main.isEmpty()) {
            Object element = main.remove();
            if (element instanceof StreamRecord<?> record) {
                emit(null, (StreamRecord<Object>) record);
            } else if (!(element instanceof RecordAttributes) && !(element instanceof LatencyMarker)) {
                toAll(element);
            }
        }
    }

    private void emit(@Nullable OutputTag<?> tag, StreamRecord<Object> record) throws Exception {
        for (Route route : routes) {
            if (Objects.equals(tag, route.tag())) {
                for (Channel channel : route.choose(record)) {
                    for (Object value : between.meddle(vertex, channel.to().vertex, record.getValue())) {
                        put(route, channel, route.copy(record.copy(value)));
                    }
                }
            }
        }
    }

    /** Sends a watermark or its status to everybody who reads from here. */
    void toAll(Object element) throws Exception {
        for (Route route : routes) {
            for (Channel channel : route.channels()) {
                put(route, channel, element);
            }
        }
    }

    private void put(Route route, Channel channel, Object element) throws Exception {
        if (route.own()) {
            channel.to().accept(channel, element);
        } else {
            channel.put(element, between.waiting());
        }
    }
}
