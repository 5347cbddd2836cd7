package dev.sotto.simulation;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.flink.statefun.sdk.egress.generated.KafkaProducerRecord;
import org.apache.flink.statefun.sdk.java.Address;
import org.apache.flink.statefun.sdk.java.AddressScopedStorage;
import org.apache.flink.statefun.sdk.java.Context;
import org.apache.flink.statefun.sdk.java.StatefulFunctionSpec;
import org.apache.flink.statefun.sdk.java.StatefulFunctions;
import org.apache.flink.statefun.sdk.java.TypeName;
import org.apache.flink.statefun.sdk.java.ValueSpec;
import org.apache.flink.statefun.sdk.java.message.EgressMessage;
import org.apache.flink.statefun.sdk.java.message.Message;
import org.apache.flink.statefun.sdk.java.slice.Slice;
import org.jspecify.annotations.Nullable;

/**
 * Runs stateful functions as their runtime does: messages from one function to another keep their order and no other, a
 * checkpoint holds states, messages on their way and timers. States are values; restoring takes each through its own bytes.
 * Not thread-safe.
 */
final class FunctionRuntime {
    /** A record for Kafka. */
    record Sent(String topic, byte[] key, byte[] value) {}

    /** Told what leaves. */
    interface Outside {
        void egress(Sent record);

        /** A timer was set, or is there again after a restore. */
        void timer(Timer timer);
    }

    /** A message in time. */
    record Timer(long number, long due, @Nullable Address from, Message message) {}

    /** What functions may be robbed of: the place to break a runtime. */
    interface Meddler {
        /** What is kept of a state instead of what a function has set; normally that. */
        default Object instead(ValueSpec<?> of, Object value) {
            return value;
        }

        /** Whether timers survive a restore. */
        default boolean keepsTimers() {
            return true;
        }
    }

    private record Delivery(@Nullable Address from, Message message) {}

    private record Path(String from, String to) {}

    /** A moment's states, messages on their way and timers. */
    record Snapshot(
            Map<Address, Map<String, Object>> states, Map<Path, List<Delivery>> underway, Map<Long, Timer> timers) {}

    private final Map<TypeName, StatefulFunctionSpec> functions;
    private final Clock clock;
    private final SplittableRandom random;
    private final Outside outside;
    private final Meddler meddler;
    private final Map<Address, Map<String, Object>> states = new HashMap<>();
    private final Map<Path, Deque<Delivery>> underway = new LinkedHashMap<>();
    private final Map<Long, Timer> timers = new TreeMap<>();
    private long number;

    FunctionRuntime(
            StatefulFunctions functions, Clock clock, SplittableRandom random, Outside outside, Meddler meddler) {
        this.functions = Map.copyOf(functions.functionSpecs());
        this.clock = clock;
        this.random = random;
        this.outside = outside;
        this.meddler = meddler;
    }

    /** A record comes in from Kafka. */
    void ingress(Message message) {
        put(new Delivery(null, message));
    }

    /** A timer is due; nothing if it is not known any more. */
    void due(long timer) {
        Timer fired = timers.remove(timer);
        if (fired != null) {
            put(new Delivery(fired.from(), fired.message()));
        }
    }

    boolean busy() {
        return !underway.isEmpty();
    }

    /** Delivers up to so many messages, each from a path that chance picks. */
    void work(int most) {
        for (int i = 0; i < most && !underway.isEmpty(); i++) {
            List<Path> paths = new ArrayList<>(underway.keySet());
            Path path = paths.get(random.nextInt(paths.size()));
            Deque<Delivery> queue = underway.get(path);
            Delivery next = queue.remove();
            if (queue.isEmpty()) {
                underway.remove(path);
            }
            deliver(next);
        }
    }

    Snapshot snapshot() {
        Map<Address, Map<String, Object>> held = new HashMap<>();
        states.forEach((address, values) -> held.put(address, new HashMap<>(values)));
        Map<Path, List<Delivery>> messages = new LinkedHashMap<>();
        underway.forEach((path, queue) -> messages.put(path, List.copyOf(queue)));
        return new Snapshot(held, messages, new TreeMap<>(timers));
    }

    void restore(Snapshot snapshot) {
        snapshot.states().forEach((address, values) -> {
            Map<String, Object> restored = new HashMap<>();
            spec(address).knownValues().values().forEach(value -> {
                Object held = values.get(value.name());
                if (held != null) {
                    restored.put(value.name(), throughBytes(value, held));
                }
            });
            states.put(address, restored);
        });
        snapshot.underway().forEach((path, queue) -> underway.put(path, new ArrayDeque<>(queue)));
        if (meddler.keepsTimers()) {
            timers.putAll(snapshot.timers());
            number = timers.keySet().stream().mapToLong(Long::longValue).max().orElse(0) + 1;
            timers.values().forEach(outside::timer);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> T throughBytes(ValueSpec<T> spec, Object held) {
        Slice bytes = spec.type().typeSerializer().serialize((T) held);
        return spec.type().typeSerializer().deserialize(bytes);
    }

    /** The value of a function's state. */
    @SuppressWarnings("unchecked")
    <T> Optional<T> state(Address of, ValueSpec<T> value) {
        return Optional.ofNullable((T) states.getOrDefault(of, Map.of()).get(value.name()));
    }

    private StatefulFunctionSpec spec(Address address) {
        StatefulFunctionSpec spec = functions.get(address.type());
        if (spec == null) {
            throw new IllegalStateException("no function " + address);
        }
        return spec;
    }

    private void put(Delivery delivery) {
        String from = delivery.from() == null ? "" : delivery.from().toString();
        Path path = new Path(from, delivery.message().targetAddress().toString());
        underway.computeIfAbsent(path, unused -> new ArrayDeque<>()).add(delivery);
    }

    private void deliver(Delivery delivery) {
        Address self = delivery.message().targetAddress();
        Call call = new Call(self, delivery.from());
        try {
            spec(self).supplier().get().apply(call, delivery.message()).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a function of " + self + " failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("nobody interrupts a simulation", e);
        } catch (Throwable e) {
            throw new IllegalStateException("a function of " + self + " failed", e);
        }
        call.takeEffect();
    }

    /** One call; what it does takes effect together when it is over. */
    private final class Call implements Context, AddressScopedStorage {
        private final Address self;
        private final @Nullable Address caller;
        private final Map<String, Object> values;
        private final List<Message> messages = new ArrayList<>();
        private final List<Timer> delayed = new ArrayList<>();
        private final List<Sent> egress = new ArrayList<>();

        Call(Address self, @Nullable Address caller) {
            this.self = self;
            this.caller = caller;
            this.values = new HashMap<>(states.getOrDefault(self, Map.of()));
        }

        void takeEffect() {
            states.put(self, values);
            messages.forEach(message -> put(new Delivery(self, message)));
            for (Timer timer : delayed) {
                timers.put(timer.number(), timer);
                outside.timer(timer);
            }
            egress.forEach(outside::egress);
        }

        @Override
        public Address self() {
            return self;
        }

        @Override
        public Optional<Address> caller() {
            return Optional.ofNullable(caller);
        }

        @Override
        public void send(Message message) {
            messages.add(message);
        }

        @Override
        public void sendAfter(Duration duration, Message message) {
            delayed.add(new Timer(number++, clock.millis() + duration.toMillis(), self, message));
        }

        @Override
        public void sendAfter(Duration duration, String cancellation, Message message) {
            throw new IllegalStateException("no function of coordination cancels a timer");
        }

        @Override
        public void cancelDelayedMessage(String cancellation) {
            throw new IllegalStateException("no function of coordination cancels a timer");
        }

        @Override
        public void send(EgressMessage message) {
            try {
                KafkaProducerRecord record = KafkaProducerRecord.parseFrom(
                        message.egressMessageValueBytes().toByteArray());
                egress.add(new Sent(
                        record.getTopic(),
                        record.getKeyBytes().toByteArray(),
                        record.getValueBytes().toByteArray()));
            } catch (IOException e) {
                throw new IllegalStateException("an egress message is none", e);
            }
        }

        @Override
        public AddressScopedStorage storage() {
            return this;
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> Optional<T> get(ValueSpec<T> value) {
            return Optional.ofNullable((T) values.get(value.name()));
        }

        @Override
        public <T> void set(ValueSpec<T> spec, T value) {
            values.put(spec.name(), meddler.instead(spec, value));
        }

        @Override
        public <T> void remove(ValueSpec<T> spec) {
            values.remove(spec.name());
        }
    }
}
