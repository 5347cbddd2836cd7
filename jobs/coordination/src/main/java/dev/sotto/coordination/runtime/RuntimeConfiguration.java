package dev.sotto.coordination.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The {@code flink-conf.yaml} of a Stateful Functions runtime that runs as one local process. Stateless. */
final class RuntimeConfiguration {
    private RuntimeConfiguration() {}

    static String render(Path module, Path checkpoints, Duration checkpointInterval) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("statefun.flink-job-name", "sotto-coordination");
        options.put("statefun.remote.module-name", module.toUri().toString());
        options.put(
                "classloader.parent-first-patterns.additional",
                "org.apache.flink.statefun;org.apache.kafka;com.google.protobuf");
        options.put("parallelism.default", "1");
        options.put("pipeline.auto-generate-uids", "false");
        options.put("execution.checkpointing.mode", "EXACTLY_ONCE");
        options.put("execution.checkpointing.interval", checkpointInterval.toMillis() + " ms");
        options.put("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
        options.put("execution.savepoint.ignore-unclaimed-state", "true");
        options.put("state.backend", "hashmap");
        options.put("state.checkpoints.dir", checkpoints.toUri().toString());
        options.put("state.checkpoints.num-retained", "3");
        options.put("restart-strategy", "fixed-delay");
        options.put("restart-strategy.fixed-delay.attempts", Integer.toString(Integer.MAX_VALUE));
        options.put("restart-strategy.fixed-delay.delay", "1 s");
        options.put("jobmanager.rpc.address", "127.0.0.1");
        options.put("rest.address", "127.0.0.1");
        options.put("rest.bind-address", "127.0.0.1");
        options.put("rest.bind-port", "0");
        options.put("taskmanager.memory.network.min", "16m");
        options.put("taskmanager.memory.network.max", "16m");
        options.put("taskmanager.memory.managed.size", "16m");
        StringBuilder text = new StringBuilder();
        options.forEach(
                (key, value) -> text.append(key).append(": ").append(value).append('\n'));
        return text.toString();
    }
}
