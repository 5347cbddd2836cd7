package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskDefinitionTest {
    @Test
    void task_unknownKey_isRefusedByNameWithTheKnownOnes() throws Exception {
        String text = Tasks.text().replace("maxTokens: 48", "maxTokens: 48\nmaxTokenz: 48");
        assertThatThrownBy(() -> Tasks.parse(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("unknown key 'maxTokenz'")
                .hasMessageContaining("maxTokens");
    }

    @Test
    void task_unknownNestedKey_isRefusedWithItsPath() throws Exception {
        String text = Tasks.text().replace("rank: 8", "rank: 8, rang: 8");
        assertThatThrownBy(() -> Tasks.parse(text)).hasMessageContaining("unknown key 'adapter.rang'");
    }

    @Test
    void task_missingKey_isNamed() throws Exception {
        String text = Tasks.text().replace("maxTokens: 48\n", "");
        assertThatThrownBy(() -> Tasks.parse(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("maxTokens");
    }

    @ParameterizedTest
    @CsvSource({
        "'rank: 8', 'rank: 0', adapter.rank is 0",
        "'hidden: 384', 'hidden: 384, sha256: abc', base.sha256 is abc",
        "'all-minilm-l6-v2', '/models/bert', base.sha256 is null",
        "'all-minilm-l6-v2', 'owner/bert', base.name is owner/bert",
        "'layers: [4, 5]', 'layers: [4, 6]', adapter.layers is 6",
        "'minSurvivors: 3', 'minSurvivors: 2', rounds.minSurvivors is 2",
        "'chunkEntries: 8192', 'chunkEntries: 8190', encoding.chunkEntries is 8190",
        "'mode: central', 'mode: none', privacy.mode is none",
        "'noiseMultiplier: 0.01', 'noiseMultiplier: 0', privacy.noiseMultiplier is 0.0",
        "'labels: [negative, neutral, positive]', 'labels: [a, a]', 'labels of head sentiment is [a, a]'",
        "'batch: 16', 'batch: 16, proximal: -0.1', 'training.proximal is -0.1 but must be between 0 and 1000'",
        "'batch: 16', 'batch: 16, gradientClip: 1.0e-9', 'training.gradientClip is 1.0E-9 but must be 0'",
        "'batch: 16', 'batch: 16, decay: steep', training.decay",
        "'batch: 16', 'batch: 16, decay: null', training.decay is null but must be none",
        "'batch: 16', 'batch: 16, optimizer: lion', training.optimizer",
        "'batch: 16', 'batch: 16, optimizer: null', training.optimizer is null but must be adamw",
        "'batch: 16', 'batch: 16, weightDecay: 1.5', 'training.weightDecay is 1.5 but must be between 0 and 1'",
        "'batch: 16', 'batch: 16, earlyStop: 11', 'training.earlyStop is 11 but must be between 0'",
    })
    void task_valueOutsideItsBound_isRefusedWithKeyAndValue(String from, String to, String message) throws Exception {
        String text = Tasks.text().replace(from, to);
        assertThatThrownBy(() -> Tasks.parse(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "'[{name: a, kind: text, labels: [x, y]}, {name: a, kind: text, labels: [x, y]}]', 'heads.name is a'",
        "'[{name: A b, kind: text, labels: [x, y]}]', 'heads.name is A b'",
        "'[{name: a, kind: text, labels: [x]}]', 'labels of head a is [x] but must be at least 2'",
        "'[{name: a, kind: tokens, labels: [O]}]', 'none of them O'",
        "'[{name: a, kind: tokens, labels: [x]}, {name: b, kind: tokens, labels: [x]}]', 'heads of kind tokens is 2'",
        "'[{name: a, kind: text, labels: [x, y], colour: red}]', unknown key 'heads.[0].colour'",
        "'[]', 'heads is [] but must be at least one'",
    })
    void heads_thatCannotBe_areRefusedWithKeyAndValue(String heads, String message) {
        String text = Tasks.text().replaceAll("heads: .*", "heads: " + heads);
        assertThatThrownBy(() -> Tasks.parse(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "'statistics: [{column: age, least: 9, most: 3}]', '9.0 and 3.0'",
        "'statistics: [{column: sentiment, least: 0, most: 3}]', 'statistics.column is sentiment'",
        "'statistics: [{column: age, least: 0, most: 3}], server: {learningRate: 0.5}', fedavg with learningRate 1",
        "'statistics: [{column: age, least: 0, most: 3}], server: {decay: linear}', fedavg with learningRate 1",
        "'server: {decay: null}', server.decay is null but must be none",
        "'columns: {second: text}', 'columns.second is text'",
    })
    void columns_thatCannotBe_areRefusedWithKeyAndValue(String lines, String message) {
        String text = Tasks.text() + lines.replace("], server", "]\nserver") + "\n";
        assertThatThrownBy(() -> Tasks.parse(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "'priorCorrection: true, labelShares: {sentiment: [0.2, 0.3, 0.4]}', 3 shares above 0 that add up to 1",
        "'priorCorrection: true, labelShares: {sentiment: [0.5, 0.5]}', '[negative, neutral, positive]'",
        "'priorCorrection: true, labelShares: {mood: [0.5, 0.5]}', which is no head of texts of this task",
        "'priorCorrection: false, labelShares: {sentiment: [0.2, 0.3, 0.5]}', left out without training.priorCorrection",
    })
    void labelShares_thatCannotBe_areRefusedWithKeyAndReason(String training, String message) {
        String text = Tasks.text().replace("priorCorrection: true", training);
        assertThatThrownBy(() -> Tasks.parse(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("training.labelShares")
                .hasMessageContaining(message);
    }

    @Test
    void base_directoryWithItsHash_isTakenAndCountsInTheHash() throws Exception {
        String sha256 = "0123456789abcdef".repeat(4);
        TaskDefinition task = Tasks.parse(Tasks.text()
                .replace(
                        "{name: all-minilm-l6-v2,",
                        "{name: /models/bert, setupSha256: " + sha256 + ", sha256: " + sha256 + ","));
        assertThat(task.base()).isEqualTo(new BaseSpec("/models/bert", 6, 384, sha256, sha256));
        TaskDefinition other = Tasks.parse(Tasks.text()
                .replace(
                        "{name: all-minilm-l6-v2,",
                        "{name: /models/bert, setupSha256: " + sha256 + ", sha256: " + sha256.replace("0", "1") + ","));
        assertThat(task.sha256()).isNotEqualTo(other.sha256());
        assertThat(Checkpoint.read(
                                Checkpoint.initial(task, 1).manifestFile(),
                                Checkpoint.initial(task, 1).weightsFile(),
                                null)
                        .manifest()
                        .base())
                .isEqualTo(task.base());
        assertThat(new String(Checkpoint.initial(Tasks.task(), 1).manifestFile(), StandardCharsets.UTF_8))
                .doesNotContain("null");
    }

    @Test
    void hash_commentsAndOrder_doNotCountButValuesDo() throws Exception {
        byte[] hash = Tasks.task().sha256();
        assertThat(Tasks.parse("# a comment\n" + Tasks.text()).sha256()).isEqualTo(hash);
        assertThat(Tasks.parse(Tasks.text().replace("clipNorm: 4.0", "clipNorm: 4.5"))
                        .sha256())
                .isNotEqualTo(hash);
    }

    @Test
    void encoding_sumThatCanLeaveTheRing_isRefusedWithTheNumbers() throws Exception {
        TaskDefinition task = Tasks.task();
        int dimension = task.layout().size();
        task.encoding().requireNoOverflow(100, dimension, 1000);
        assertThatThrownBy(() -> task.encoding().requireNoOverflow(10_000, dimension, 1000))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("10000 sites")
                .hasMessageContaining("encoding.scale");
    }

    @Test
    void rho_ofTheRoundedNoise_neverExceedsThatOfTheMultiplier() throws Exception {
        TaskDefinition task = Tasks.task();
        double multiplier = task.privacy().noiseMultiplier();
        assertThat(task.privacy().rho(task.delta2())).isLessThanOrEqualTo(1 / (2 * multiplier * multiplier));
    }

    @Test
    void task_whatItLeavesOut_isAsTheDefaultsSay() {
        TaskDefinition task = Tasks.task();
        assertThat(task.server().optimizer()).isEqualTo(OptimizerKind.FED_AVG);
        assertThat(task.robust()).isEqualTo(new RobustSettings(Combination.MEAN, 1, 0.2));
        assertThat(task.protocol()).isEqualTo(new ProtocolSettings(0.1, 0.3, 3, 4));
        assertThat(task.rounds().closeAfter()).isZero();
        TaskDefinition yogi = Tasks.parse(Tasks.text() + "server: {optimizer: fedyogi, learningRate: 0.02}\n");
        assertThat(yogi.server())
                .isEqualTo(new ServerSettings(OptimizerKind.FED_YOGI, 0.02, 0.9, 0.99, 0.001, LearningRateDecay.NONE));
        assertThat(yogi.sha256()).isNotEqualTo(task.sha256());
    }

    @Test
    void training_whatItLeavesOut_isAsTheDefaultsSayAndNotHashed() {
        TrainingSettings usual = Tasks.task().training();
        assertThat(usual)
                .isEqualTo(new TrainingSettings(
                        240, 16, 0.002, 0.004, 10, true, 0, 0, LearningRateDecay.NONE, 0.01, 0, LocalOptimizer.ADAMW));
        assertThat(training(
                                "proximal: 0, gradientClip: 0, decay: none, weightDecay: 0.01, earlyStop: 0, optimizer: adamw")
                        .sha256())
                .isEqualTo(Tasks.task().sha256());
        for (String said : new String[] {
            "proximal: 0.1",
            "gradientClip: 1",
            "decay: linear",
            "decay: cosine",
            "weightDecay: 0",
            "earlyStop: 2",
            "optimizer: sgd"
        }) {
            assertThat(training(said).training()).as(said).isNotEqualTo(usual);
            assertThat(training(said).sha256())
                    .as(said)
                    .isNotEqualTo(Tasks.task().sha256());
        }
    }

    private static TaskDefinition training(String more) {
        return Tasks.parse(Tasks.text().replace("batch: 16", "batch: 16, " + more));
    }

    @Test
    void task_unknownKeyOfASectionWithDefaults_isRefused() {
        assertThatThrownBy(() -> Tasks.parse(Tasks.text() + "server: {optimiser: fedyogi}\n"))
                .hasMessageContaining("unknown key 'server.optimiser'");
        assertThatThrownBy(() -> Tasks.parse(Tasks.text() + "robust: {combine: mode}\n"))
                .hasMessageContaining("robust.combine")
                .hasMessageContaining("median");
    }

    @Test
    void groups_fewSites_areAsManyAsKeepTheLeastSurvivorsEach() {
        TaskDefinition task = Tasks.parse(Tasks.text() + "robust: {combine: median, groups: 8}\n");
        // 3 survivors each after 30 % dropouts.
        assertThat(task.groups(4)).isEqualTo(1);
        assertThat(task.groups(13)).isEqualTo(3);
        assertThat(task.groups(100)).isEqualTo(8);
    }

    @Test
    void delta2_metricsIncluded_isLittleMoreThanTheUpdates() {
        TaskDefinition task = Tasks.task();
        double update = task.encoding().delta2(task.layout().size());
        assertThat(task.delta2()).isGreaterThan(update).isLessThanOrEqualTo(update * Math.hypot(1, 0.25));
    }
}
