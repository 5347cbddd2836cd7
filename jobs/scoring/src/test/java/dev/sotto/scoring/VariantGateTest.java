package dev.sotto.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.bert.Scorer;
import dev.sotto.bert.TextPair;
import dev.sotto.bert.Variant;
import dev.sotto.federation.Checkpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VariantGateTest {
    private final List<SharedScorers.Lease> leases = new ArrayList<>();

    @AfterEach
    void close() {
        leases.forEach(SharedScorers.Lease::close);
        assertThat(SharedScorers.open()).as("modules left open").isZero();
    }

    private static List<String> texts() throws IOException {
        try (InputStream in = TestModels.class.getResourceAsStream("/training.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\t", 2)[1])
                    .toList();
        }
    }

    /** Every text several times, with what the model in single precision makes of it. */
    private static List<LabelledText> judged(Checkpoint model) throws IOException {
        List<String> texts = texts();
        List<LabelledText> rows = new ArrayList<>();
        SharedScorers.Lease lease = SharedScorers.open(model, Variant.FP32);
        try {
            Scorer scorer = lease.scorer();
            float[][] probabilities =
                    scorer.probabilities(0, texts.stream().map(TextPair::of).toList());
            for (int i = 0; i < texts.size(); i++) {
                float[] row = probabilities[i];
                int label = row[0] > row[1] && row[0] > row[2] ? 0 : row[1] > row[2] ? 1 : 2;
                for (int copy = 0; copy * texts.size() < VariantRule.LEAST_ROWS; copy++) {
                    rows.add(new LabelledText(texts.get(i), label));
                }
            }
        } finally {
            lease.close();
        }
        return rows;
    }

    private Variant served(Checkpoint model, Variant wanted) throws IOException {
        VariantGate gate = new VariantGate(new VariantRule(wanted, judged(model)), 0);
        SharedScorers.Lease lease = gate.open(model);
        leases.add(lease);
        assertThat(lease.scorer().probabilities(0, List.of(TextPair.of("good"))))
                .hasNumberOfRows(1);
        return lease.variant();
    }

    @Test
    void open_int8ThatAnswersAsSinglePrecision_servesInIt() throws Exception {
        assertThat(served(TestModels.trained(), Variant.INT8)).isEqualTo(Variant.INT8);
        assertThat(SharedScorers.open()).as("single precision was closed").isEqualTo(1);
    }

    /** One value of attention that dwarfs the others leaves them no steps in 8 bits. */
    @Test
    void open_modelThatInt8Harms_servesInSinglePrecision() throws Exception {
        float[] vector = TestModels.trained().vector();
        int head = vector.length - 3 * 384 - 3;
        for (int i = 0; i < head; i++) {
            vector[i] *= i % 97 == 0 ? 400 : 1;
        }
        Checkpoint harmed = TestModels.child(TestModels.trained(), vector);
        assertThat(served(harmed, Variant.INT8)).isEqualTo(Variant.FP32);
        assertThat(SharedScorers.open()).as("int8 was closed").isEqualTo(1);
    }
}
