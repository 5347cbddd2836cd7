package dev.sotto.connect.flink;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What every job of Sotto has in common: every operator names its uid, so that a savepoint finds its state; nothing is
 * serialized by Kryo; state can be spread over up to {@value #MAX_PARALLELISM} subtasks for good; chained operators hand
 * on objects without a copy, so no operator changes what it was given. Stateless.
 */
public final class JobConventions {
    /** The most subtasks a job can ever have: fixed, since a savepoint cannot be restored under another. */
    public static final int MAX_PARALLELISM = 128;

    private JobConventions() {}

    /** Applies them; call before the topology is built. */
    public static void apply(StreamExecutionEnvironment env) {
        Configuration conventions = new Configuration();
        conventions.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        conventions.set(PipelineOptions.GENERIC_TYPES, false);
        conventions.set(PipelineOptions.OBJECT_REUSE, true);
        env.configure(conventions);
        env.setMaxParallelism(MAX_PARALLELISM);
    }
}
