package dev.sotto.quickstart;

import dev.sotto.aggregation.AggregationMain;
import dev.sotto.aggregation.AggregationSettings;
import dev.sotto.federation.Trust;
import dev.sotto.scoring.ScoringMain;
import dev.sotto.scoring.ScoringOptions;
import dev.sotto.scoring.ScoringSettings;
import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Submits the two Flink jobs with the quickstart's settings. */
final class Jobs {
    private Jobs() {}

    static void submit(FlinkCluster flink, Workspace workspace, String bootstrap) throws Exception {
        StreamExecutionEnvironment aggregation = flink.environment("aggregation");
        AggregationMain.define(
                aggregation,
                AggregationSettings.of(
                        workspace.task(),
                        workspace.trust(),
                        bootstrap,
                        workspace.key(Trust.AGGREGATION),
                        workspace.key("noise"),
                        workspace.directory("models").toUri()));
        aggregation.executeAsync("sotto aggregation");
        StreamExecutionEnvironment scoring = flink.environment("scoring");
        ScoringMain.define(scoring, ScoringSettings.of(scoringOptions(workspace, bootstrap)));
        scoring.executeAsync("sotto scoring");
    }

    /** Shorter surge windows than in earnest, since the messages tell of a quarter of an hour. */
    private static Configuration scoringOptions(Workspace workspace, String bootstrap) {
        Configuration options = new Configuration();
        options.set(ScoringOptions.BOOTSTRAP, bootstrap);
        options.set(ScoringOptions.TASK, workspace.taskFile().toString());
        options.set(ScoringOptions.TRUST, workspace.trustFile().toString());
        options.set(ScoringOptions.MODELS, workspace.directory("models").toUri().toString());
        options.set(ScoringOptions.HASH_KEY, workspace.key("pseudonyms").toString());
        options.set(ScoringOptions.THRESHOLD, 0.75);
        // As many as a batch can hold: here every alert is to be explained.
        options.set(ScoringOptions.EXPLAIN_PER_BATCH, ScoringOptions.BATCH.defaultValue());
        options.set(ScoringOptions.OUT_OF_ORDER, Duration.ofMinutes(1));
        options.set(ScoringOptions.SURGE_WINDOW, Duration.ofMinutes(2));
        options.set(ScoringOptions.SURGE_SLIDE, Duration.ofSeconds(30));
        options.set(ScoringOptions.SURGE_WARM_UP, 40);
        options.set(ScoringOptions.SURGE_ALPHA, 0.001);
        return options;
    }
}
