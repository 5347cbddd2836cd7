package dev.sotto.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.connect.flink.JobOptions;
import dev.sotto.connect.flink.OutgoingRecord;
import dev.sotto.connect.flink.RawRecord;
import dev.sotto.connect.flink.Refused;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    @TempDir
    Path directory;

    @Test
    void everyType_withGenericTypesOff_hasASerializer() {
        SerializerConfigImpl strict = new SerializerConfigImpl();
        strict.setGenericTypes(false);
        List<TypeInformation<?>> types = List.of(
                RawRecord.TYPE,
                OutgoingRecord.TYPE,
                Refused.TYPE,
                RoundNews.TYPE,
                SignedManifest.TYPE,
                Verdict.TYPE,
                SliceOrder.TYPE,
                Closing.TYPE,
                SliceReport.TYPE,
                Partial.TYPE,
                ModelSlice.TYPE,
                CheckedChunk.TYPE,
                CombinerMemory.TYPE,
                Types.POJO(AcceptedUpload.class),
                Types.POJO(WindowCloser.Reports.class),
                Types.POJO(RoundTerms.class),
                Types.POJO(RoundSlice.class),
                Types.POJO(Outcome.class),
                Types.POJO(SliceState.class),
                Types.POJO(TranscriptFollower.Reached.class));
        assertThat(types)
                .allSatisfy(type -> assertThat(type.createSerializer(strict)).isNotNull());
    }

    @Test
    void configuration_inTheJobGraph_comesBackTheSame() throws Exception {
        TestFederation federation = new TestFederation(3);
        Carried<Trust> trust = InstantiationUtil.clone(Carried.of(Trust.class, federation.trust()));
        Carried<TaskDefinition> task = InstantiationUtil.clone(Carried.of(TaskDefinition.class, federation.task()));
        assertThat(trust.value()).isEqualTo(federation.trust());
        assertThat(task.value().sha256()).isEqualTo(federation.task().sha256());
    }

    @Test
    void options_unknown_isRefusedWithTheKnownOnes() {
        assertThatThrownBy(
                        () -> JobOptions.parse(new String[] {"--aggregation.gracee", "1s"}, AggregationOptions.all()))
                .hasMessageContaining("--aggregation.gracee")
                .hasMessageContaining("--aggregation.window.grace");
    }

    @Test
    void kafkaProperties_ofFileAndCommandLine_areBothTaken() throws Exception {
        Path file = Files.writeString(
                directory.resolve("client.properties"), "security.protocol=SASL_SSL\nclient.rack=a\n");
        TestFederation federation = new TestFederation(3);
        Path trust = Files.writeString(directory.resolve("trust.yaml"), federation.trustFile());
        String[] args = {
            "--aggregation.kafka.bootstrap-servers", "localhost:9",
            "--aggregation.kafka.properties-file", file.toString(),
            "--aggregation.kafka.properties", "client.rack:b",
            "--aggregation.task.file", Path.of("src/test/resources/task.yaml").toString(),
            "--aggregation.trust.file", trust.toString(),
            "--aggregation.identity.file", "key",
            "--aggregation.noise.secret-file", "secret",
            "--aggregation.model.store", "file:///models"
        };
        AggregationSettings settings = AggregationSettings.read(JobOptions.parse(args, AggregationOptions.all()));
        assertThat(settings.kafka()).isEqualTo(Map.of("security.protocol", "SASL_SSL", "client.rack", "b"));
        assertThat(settings.toString()).doesNotContain("SASL");
    }

    @Test
    void readme_namesEveryOption() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        assertThat(AggregationOptions.all())
                .allSatisfy(option -> assertThat(readme).contains("`" + option.key() + "`"));
    }

    @Test
    void define_withoutCheckpoints_isRefused() throws Exception {
        TestFederation federation = new TestFederation(3);
        AggregationSettings settings = AggregationSettings.of(
                federation.task(),
                federation.trust(),
                "localhost:9",
                Path.of("key"),
                Path.of("secret"),
                URI.create("file:///models"));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment();
        assertThatThrownBy(() -> AggregationMain.define(env, settings))
                .hasMessageContaining("execution.checkpointing.interval");
        env.enableCheckpointing(1000);
        AggregationMain.define(env, settings);
        assertThat(env.getStreamGraph(false).getStreamNodes())
                .allSatisfy(node -> assertThat(node.getTransformationUID()).isNotBlank());
    }
}
