package dev.sotto.aggregation;

import dev.sotto.connect.flink.JobOptions;
import dev.sotto.connect.flink.OutgoingRecord;
import dev.sotto.federation.ModelStore;
import dev.sotto.privacy.ReleaseNoise;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The job of {@link AggregationMain}, with collaborators that write down what they are asked and end the process where they are
 * told: {@code <journal> <step> <round> --key value ...}. A step that is {@value #NOWHERE} never ends it.
 */
public final class EndingMain {
    static final String NOWHERE = "nowhere";

    private static final int OWN = 3;

    private EndingMain() {}

    /** Runs until it ends. */
    public static void main(String[] args) throws Exception {
        String journal = args[0];
        if (!args[1].equals(NOWHERE)) {
            SuddenEnd.plan(ReleaseStep.valueOf(args[1]), Integer.parseInt(args[2]));
        }
        Configuration options = JobOptions.parse(Arrays.copyOfRange(args, OWN, args.length), AggregationOptions.all());
        AggregationSettings settings = AggregationSettings.read(options);
        StreamExecutionEnvironment env = LocalRun.environment(options);
        AggregationSinks sinks = AggregationMain.sinks(settings);
        AggregationCollaborators given = AggregationMain.collaborators(settings);
        Opener<ReleaseNoise> noise = given.noise();
        Opener<ModelStore> models = given.models();
        String root = Path.of(settings.modelStore()).toString();
        AggregationMain.define(
                env,
                settings,
                new AggregationSinks(
                        sinks.arrivals(), new EndingSink((KafkaSink<OutgoingRecord>) sinks.models()), sinks.refused()),
                new AggregationCollaborators(
                        given.signer(),
                        () -> new JournaledNoise(noise.open(), Path.of(journal)),
                        () -> new EndingStore(models.open(), Path.of(root))));
        env.execute("aggregation that ends");
    }
}
