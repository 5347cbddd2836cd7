package dev.sotto.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.anonymization.PolicyException;
import dev.sotto.connect.flink.JobOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScoringSettingsTest {
    @TempDir
    private Path directory;

    private List<String> args;

    @BeforeEach
    void writeFiles() throws Exception {
        args = new ArrayList<>(TestJob.files(directory));
        args.addAll(List.of("--scoring.kafka.bootstrap", "localhost:9092"));
    }

    private ScoringSettings settings(String... more) {
        List<String> all = new ArrayList<>(args);
        all.addAll(List.of(more));
        return ScoringSettings.of(JobOptions.parse(all.toArray(new String[0]), ScoringOptions.all()));
    }

    @Test
    void settings_onlyWhatIsNeeded_takeTheDefaults() {
        ScoringSettings settings = settings();
        assertThat(settings.alertDelivery()).isEqualTo(DeliveryGuarantee.AT_LEAST_ONCE);
        assertThat(settings.rules().alerts().threshold()).isEqualTo(0.8);
        assertThat(settings.rules().task()).isEqualTo(TestModels.SERVED);
        assertThat(ScoringMain.name(settings)).isEqualTo("sotto-scoring-sentiment");
    }

    @Test
    void settings_kafkaProperties_areReadAndNeverPrinted() throws Exception {
        Path file = Files.writeString(directory.resolve("kafka.properties"), "sasl.jaas.config=password secret");
        ScoringSettings settings = settings("--scoring.kafka.properties-file", file.toString());
        assertThat(settings.kafka()).containsEntry("sasl.jaas.config", "password secret");
        assertThat(settings.toString()).contains("sentiment").doesNotContain("secret");
    }

    @Test
    void settings_unknownOption_isRefused() {
        assertThatThrownBy(() -> settings("--scoring.treshold", "1")).hasMessageContaining("scoring.treshold");
    }

    @ParameterizedTest
    @CsvSource({
        "scoring.head, mood",
        "scoring.alert.label, angry",
        "scoring.alert.threshold, 0",
        "scoring.alert.threshold, 1.5",
        "scoring.alert.critical, 0.5",
        "scoring.batch.size, 0",
        "scoring.batch.delay, 0 ms",
        "scoring.surge.slide, 7 min",
        "scoring.surge.alpha, 0",
        "scoring.surge.calm, 1",
        "scoring.text.max-characters, 0",
        "scoring.alert.delivery, NONE",
        "scoring.model.variant, FP8"
    })
    void settings_valueOutsideItsBounds_isRefusedByItsName(String key, String value) {
        assertThatThrownBy(() -> settings("--" + key, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key.equals("scoring.surge.slide") ? "scoring.surge.window" : key);
    }

    private List<String> release(String... changed) {
        Map<String, String> options = new TreeMap<>(Map.of(
                "--scoring.release.epsilon", "0.1",
                "--scoring.release.budget", "0.7",
                "--scoring.release.topics", "billing;delivery",
                "--scoring.release.from", "2026-03-01T00:00:00Z",
                "--scoring.release.secret-file", "secret"));
        for (int i = 0; i < changed.length; i += 2) {
            options.put(changed[i], changed[i + 1]);
        }
        List<String> list = new ArrayList<>();
        options.forEach((key, value) -> list.addAll(List.of(key, value)));
        return list;
    }

    @Test
    void settings_withoutAnEpsilon_releaseNothing() {
        assertThat(settings().rules().release()).isNull();
    }

    @Test
    void settings_releaseOptions_makeTheRule() {
        ReleaseRule rule = settings(release().toArray(new String[0])).rules().release();
        assertThat(rule.topics()).containsExactly("billing", "delivery");
        assertThat(rule.labels()).containsExactly("negative", "neutral", "positive");
        assertThat(rule.messages()).isEqualTo(3);
        assertThat(rule.window()).isEqualTo(Duration.ofHours(1));
        assertThat(rule.epsilon()).isEqualByComparingTo("0.1");
        assertThat(rule.cell("delivery", "neutral")).isEqualTo(4);
        assertThat(rule.cell("other", "neutral")).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({
        "scoring.release.epsilon, 0",
        "scoring.release.epsilon, NaN",
        "scoring.release.epsilon, 1e-15",
        "scoring.release.budget, 0.09",
        "scoring.release.budget, Infinity",
        "scoring.release.budget, 1e6",
        "scoring.release.topics, billing;billing",
        "scoring.release.topics, billing;' '",
        "scoring.release.from, yesterday",
        "scoring.release.from, 1969-01-01T00:00:00Z",
        "scoring.release.window, 0 ms",
        "scoring.release.messages, 0"
    })
    void settings_releaseOptionOutsideItsBounds_isRefusedByItsName(String key, String value) {
        String[] options = release("--" + key, value).toArray(new String[0]);
        assertThatThrownBy(() -> settings(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"budget", "topics", "from", "secret-file"})
    void settings_releaseOptionMissing_isRefusedByItsName(String name) {
        List<String> options = release();
        int at = options.indexOf("--scoring.release." + name);
        options.subList(at, at + 2).clear();
        assertThatThrownBy(() -> settings(options.toArray(new String[0])))
                .hasMessageContaining("--scoring.release." + name + " is missing");
    }

    @Test
    void settings_releaseOptionWithoutAnEpsilon_isRefused() {
        assertThatThrownBy(() -> settings("--scoring.release.window", "1 h"))
                .hasMessageContaining("scoring.release.window")
                .hasMessageContaining("scoring.release.epsilon");
    }

    @Test
    void settings_policyWithAnUnknownKey_isRefusedBeforeTheJobStarts() throws Exception {
        Path policy = Files.writeString(directory.resolve("policy.yaml"), "entitys: {}");
        assertThatThrownBy(() -> settings("--scoring.anonymization.policy-file", policy.toString()))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("entitys");
    }

    @Test
    void readme_namesEveryOption() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        assertThat(ScoringOptions.all())
                .extracting(ConfigOption::key)
                .filteredOn(key -> !readme.contains("| `" + key + "` |"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                TextMessage.class,
                AnonymizedMessage.class,
                ScoredMessage.class,
                ModelUpdate.class,
                Alert.class,
                SurgeState.class,
                Candidate.class,
                Contribution.class,
                WindowCounts.class,
                ClosedWindow.class,
                ReleaseProgress.class
            })
    void type_isSerializedByItsFieldsAndNeverByKryo(Class<?> type) {
        TypeInformation<?> information = TypeInformation.of(type);
        assertThat(information).isInstanceOf(PojoTypeInfo.class);
        assertThat(generic(information)).isFalse();
    }

    private static boolean generic(TypeInformation<?> type) {
        if (type instanceof GenericTypeInfo) {
            return true;
        }
        if (type instanceof PojoTypeInfo<?> pojo) {
            for (int i = 0; i < pojo.getArity(); i++) {
                if (generic(pojo.getPojoFieldAt(i).getTypeInformation())) {
                    return true;
                }
            }
        }
        return type.getGenericParameters().values().stream().anyMatch(ScoringSettingsTest::generic);
    }
}
