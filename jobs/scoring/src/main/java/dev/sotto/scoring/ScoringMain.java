package dev.sotto.scoring;

import dev.sotto.connect.flink.JobOptions;
import dev.sotto.connect.flink.KafkaRecords;
import dev.sotto.connect.flink.KafkaSinks;
import dev.sotto.connect.flink.OutgoingRecord;
import dev.sotto.contracts.Topics;
import java.util.List;
import java.util.Map;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Wires the scoring job to Kafka. */
public final class ScoringMain {
    private ScoringMain() {}

    /** Runs the job; the arguments are {@code --key value} pairs of {@link ScoringOptions}. */
    public static void main(String[] args) throws Exception {
        ScoringSettings settings = ScoringSettings.of(JobOptions.parse(args, ScoringOptions.all()));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        define(env, settings);
        env.execute(name(settings));
    }

    /** The job's name, which is also its consumer group and the prefix of its transactional ids. */
    public static String name(ScoringSettings settings) {
        return "sotto-scoring-" + settings.rules().task().task();
    }

    /** Builds the topology between the topics of the catalogue. */
    public static void define(StreamExecutionEnvironment env, ScoringSettings settings) {
        String bootstrap = settings.bootstrap();
        Map<String, String> kafka = settings.kafka();
        String name = name(settings);
        KafkaSink<OutgoingRecord> alerts = settings.alertDelivery() == DeliveryGuarantee.EXACTLY_ONCE
                ? KafkaSinks.exactlyOnce(bootstrap, Topics.ALERTS, name + "-alerts", kafka)
                : KafkaSinks.atLeastOnce(bootstrap, Topics.ALERTS, kafka);
        new ScoringJob(
                        KafkaRecords.source(bootstrap, List.of(Topics.CHAT.name(), Topics.FINANCE.name()), name, kafka),
                        KafkaRecords.source(bootstrap, Topics.MODELS.name(), name, kafka),
                        KafkaSinks.exactlyOnce(bootstrap, Topics.SCORED, name + "-scored", kafka),
                        alerts,
                        KafkaSinks.exactlyOnce(bootstrap, Topics.RELEASED, name + "-released", kafka),
                        KafkaSinks.deadLetters(bootstrap, kafka))
                .define(env, settings.rules());
    }
}
