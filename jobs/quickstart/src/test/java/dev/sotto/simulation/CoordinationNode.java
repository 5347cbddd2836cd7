package dev.sotto.simulation;

import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.Topics;
import dev.sotto.coordination.function.CoordinationFunctions;
import dev.sotto.coordination.function.Types;
import dev.sotto.coordination.protocol.Recipient;
import dev.sotto.federation.Trust;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.flink.statefun.sdk.java.Address;
import org.apache.flink.statefun.sdk.java.StatefulFunctions;
import org.apache.flink.statefun.sdk.java.message.MessageBuilder;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Coordination: its functions in a runtime that reads and writes as module.yaml says, so what it writes becomes visible with
 * its checkpoint, and what it had written since is never seen if it dies before. Not thread-safe.
 */
final class CoordinationNode extends ServerNode {
    private static final Map<String, Recipient.Role> ROUTES = Map.of(
            Topics.SITES.name(), Recipient.Role.SITE,
            Topics.ARRIVALS.name(), Recipient.Role.ROUND,
            Topics.MODELS.name(), Recipient.Role.BLOCK,
            Topics.LEDGER.name(), Recipient.Role.LEDGER);

    private record State(FunctionRuntime.Snapshot functions) {}

    private final StatefulFunctions functions;
    private final FunctionRuntime.Meddler meddler;
    private @Nullable FunctionRuntime runtime;

    CoordinationNode(
            Simulation simulation,
            Faults faults,
            Broker broker,
            Settings settings,
            Cast cast,
            FunctionRuntime.Meddler meddler) {
        super("coordination", simulation, faults, broker, places(broker));
        this.meddler = meddler;
        this.functions = CoordinationFunctions.of(
                        List.of(settings.task()), cast.trust(), cast.server(Trust.COORDINATION), simulation.clock)
                .statefulFunctions();
    }

    private static List<TopicPartition> places(Broker broker) {
        List<TopicPartition> places = new ArrayList<>();
        for (TopicSpec topic : List.of(Topics.SITES, Topics.ARRIVALS, Topics.MODELS, Topics.LEDGER)) {
            places.addAll(broker.partitionsOf(topic));
        }
        return places;
    }

    @Override
    protected void begin(@Nullable Object state) {
        FunctionRuntime fresh = new FunctionRuntime(
                functions,
                simulation.clock,
                new SplittableRandom(simulation.random().nextLong()),
                outside(),
                meddler);
        runtime = fresh;
        if (state != null) {
            fresh.restore(((State) state).functions());
        }
    }

    private FunctionRuntime.Outside outside() {
        int within = incarnation();
        return new FunctionRuntime.Outside() {
            @Override
            public void egress(FunctionRuntime.Sent record) {
                write(record.topic(), record.key(), record.value());
            }

            @Override
            public void timer(FunctionRuntime.Timer timer) {
                long delay = Math.max(0, timer.due() - simulation.now()) + faults.latency(simulation);
                simulation.after(delay, () -> {
                    FunctionRuntime running = runtime;
                    if (running != null && incarnation() == within) {
                        running.due(timer.number());
                        changed();
                        somethingToDo();
                    }
                });
            }
        };
    }

    @Override
    protected void end() {
        runtime = null;
    }

    @Override
    protected void take(Broker.Entry entry) {
        FunctionRuntime running = running();
        Recipient.Role role = ROUTES.get(entry.topic());
        String key = new String(entry.key(), StandardCharsets.UTF_8);
        if (role == Recipient.Role.LEDGER) {
            // As the interceptor of the ingress does.
            key = key.substring(0, key.indexOf('/'));
        }
        running.ingress(MessageBuilder.forAddress(new Address(Types.function(role), key))
                .withCustomType(Types.BYTES, entry.value())
                .build());
    }

    @Override
    protected boolean busy() {
        return running().busy();
    }

    @Override
    protected void work(int most) {
        running().work(most);
    }

    @Override
    protected Object snapshot() {
        return new State(running().snapshot());
    }

    private FunctionRuntime running() {
        FunctionRuntime running = runtime;
        if (running == null) {
            throw new IllegalStateException("coordination is down");
        }
        return running;
    }
}
