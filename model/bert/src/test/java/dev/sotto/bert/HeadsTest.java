package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.AdapterSpec;
import dev.sotto.federation.ColumnStatistics;
import dev.sotto.federation.HeadKind;
import dev.sotto.federation.HeadSpec;
import dev.sotto.federation.InitialModel;
import dev.sotto.federation.ModelDesign;
import dev.sotto.federation.NamedTensor;
import dev.sotto.federation.ParameterLayout;
import dev.sotto.federation.StatisticSpec;
import dev.sotto.federation.TrainingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several heads on one encoder, of rows that each teach some of them. */
class HeadsTest {
    private static final int MOOD = 0;
    private static final int TOPIC = 2;
    private static final ModelDesign DESIGN = new ModelDesign(
            new AdapterSpec(8, 16, List.of(5)),
            List.of(
                    new HeadSpec("mood", HeadKind.TEXT, List.of("bad", "good")),
                    new HeadSpec("ner", HeadKind.TOKENS, List.of("PER", "LOC")),
                    new HeadSpec("topic", HeadKind.TEXT, List.of("money", "weather", "food"))),
            List.of(new StatisticSpec("age", 0, 100)),
            24);
    private static final List<String> NAMES = List.of("Anna", "Peter", "Maria", "John", "Laura");
    private static final List<String> PLACES = List.of("Paris", "London", "Berlin", "Madrid", "Rome");
    private static final List<String> TOPICS = List.of("the bank account", "the rain", "the dinner");
    private static final TrainingSettings SETTINGS = Sample.settings(400, 8, 3e-3, 2e-2, 0, true);

    private static LocalTrainer trainer;
    private static float[] trained;

    /** Rows of three kinds: a mood alone; a topic, with an age; entities alone. */
    private static List<Example> rows(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            String place = PLACES.get(random.nextInt(PLACES.size()));
            int mood = random.nextInt(2);
            int topic = random.nextInt(3);
            String text = "%s of %s said %s was %s"
                    .formatted(name, place, TOPICS.get(topic), mood == 0 ? "terrible" : "wonderful");
            int unknown = Example.UNKNOWN;
            rows.add(
                    switch (i % 3) {
                        case 0 ->
                            new Example(TextPair.of(text), List.of(mood, unknown, unknown), null, List.of(Double.NaN));
                        case 1 -> new Example(TextPair.of(text), List.of(unknown, unknown, topic), null, List.of(40.0));
                        default ->
                            new Example(
                                    TextPair.of(text),
                                    List.of(unknown, unknown, unknown),
                                    List.of(
                                            new EntitySpan(0, name.length(), 0),
                                            new EntitySpan(name.length() + 4, name.length() + 4 + place.length(), 1)),
                                    List.of(Double.NaN));
                    });
        }
        return rows;
    }

    @BeforeAll
    static void train() {
        trainer = LocalTrainer.compile(Sample.base(), DESIGN);
        trained = InitialModel.vector(trainer.layout(), 3);
        for (int pass = 0; pass < 3; pass++) {
            trained = trainer.train(rows(240, pass), trained, SETTINGS, pass, TrainingListener.NONE)
                    .parameters();
        }
    }

    @AfterAll
    static void close() {
        trainer.close();
    }

    @Test
    void train_rowsThatEachTeachOneHead_teachesAll() {
        try (Scorer scorer = Scorer.compile(Sample.base(), DESIGN, trained, Variant.FP32)) {
            ModelEvaluation evaluation = ModelEvaluation.of(scorer, rows(90, 77));
            assertThat(evaluation.heads().keySet()).containsExactly("mood", "ner", "topic");
            assertThat(evaluation.heads().values())
                    .allSatisfy(head -> assertThat(head.macroF1()).isGreaterThan(0.9));
            assertThat(evaluation.judged()).isEqualTo(90);
            assertThat(evaluation.right()).isBetween(80, 90);
            assertThat(evaluation.markdown()).contains("## mood", "## ner", "## topic", "| LOC |", "| weather |");
            List<float[][]> all = scorer.probabilities(List.of(TextPair.of("Anna of Rome said the rain was terrible")));
            assertThat(all.get(MOOD)[0]).hasSize(2);
            assertThat(all.get(1)).isEmpty();
            assertThat(all.get(TOPIC)[0]).hasSize(3);
            assertThat(all.get(TOPIC)[0][0] + all.get(TOPIC)[0][1] + all.get(TOPIC)[0][2])
                    .isCloseTo(1, within(1e-5f));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> scorer.probabilities(1, List.of()))
                    .withMessageContaining("head 1 is none of kind TEXT");
        }
    }

    @Test
    void train_rowsWithValues_setsTheirCountAndMean() {
        ColumnStatistics.Column age = ColumnStatistics.read(DESIGN.statistics(), trainer.layout(), trained)
                .get(0);
        assertThat(age.share()).isCloseTo(1.0 / 3, within(1e-6));
        assertThat(age.mean()).isCloseTo(40, within(1e-3));
    }

    @Test
    void gradient_ofEveryHead_equalsFiniteDifferencesAndTheSumOfSingleRows() {
        List<Example> examples = rows(6, 5);
        float[] parameters = trained.clone();
        ParameterLayout layout = trainer.layout();
        int[] all = IntStream.range(0, examples.size()).toArray();
        try (TrainerModule module = TrainerModule.compile(Sample.base(), DESIGN);
                BertTokenizer tokenizer = BertTokenizer.of(Sample.base(), DESIGN.maxTokens())) {
            List<TokenizedText> texts =
                    tokenizer.texts(examples.stream().map(Example::text).toList());
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < layout.headEnd(); i++) {
                parameters[i] += (float) (0.1 * (random.nextDouble() - 0.5));
            }
            BatchGradients gradients = new BatchGradients(examples, texts, module, new HiddenCache(0));
            float[] gradient = gradients.summed(all, parameters);
            float[] each = gradients.each(all, parameters);
            for (NamedTensor tensor : layout.tensors()) {
                int entry = steepest(gradient, tensor);
                double sum = 0;
                for (int row = 0; row < examples.size(); row++) {
                    sum += each[row * parameters.length + entry];
                }
                double slope = gradient[entry + 1];
                assertThat(sum).as(tensor.name()).isCloseTo(slope, within(1e-4 * Math.max(1, Math.abs(slope))));
                float value = parameters[entry];
                parameters[entry] = value + 1e-2f;
                double above = gradients.summed(all, parameters)[0];
                parameters[entry] = value - 1e-2f;
                double below = gradients.summed(all, parameters)[0];
                parameters[entry] = value;
                assertThat((above - below) / 2e-2)
                        .as(tensor.name())
                        .isCloseTo(slope, within(0.03 * Math.abs(slope) + 3e-3));
                assertThat(slope != 0)
                        .as(tensor.name())
                        .isEqualTo(!tensor.name().endsWith("statistics"));
            }
        }
    }

    private static int steepest(float[] gradient, NamedTensor tensor) {
        int best = tensor.offset();
        for (int i = tensor.offset(); i < tensor.offset() + tensor.size(); i++) {
            if (Math.abs(gradient[i + 1]) > Math.abs(gradient[best + 1])) {
                best = i;
            }
        }
        return best;
    }

    /** Which of the two is which matters: swapped, they are of another class. */
    @Test
    void train_pairs_readsBothInTheirOrder() {
        ModelDesign design = ModelDesign.classifier(
                new AdapterSpec(8, 16, List.of(4, 5)),
                "moods",
                List.of("bad-bad", "bad-good", "good-bad", "good-good"),
                32);
        List<Example> pairs = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String one = "%s was %s".formatted(NAMES.get(i % 5), i / 5 % 2 == 0 ? "terrible" : "wonderful");
            String other = "%s was %s".formatted(PLACES.get(i / 20 % 5), i / 10 % 2 == 0 ? "terrible" : "wonderful");
            pairs.add(new Example(new TextPair(one, other), List.of(i / 5 % 2 * 2 + i / 10 % 2), null, List.of()));
        }
        try (LocalTrainer both = LocalTrainer.compile(Sample.base(), design)) {
            float[] parameters = InitialModel.vector(both.layout(), 1);
            for (int pass = 0; pass < 4; pass++) {
                parameters = both.train(pairs, parameters, SETTINGS, pass, TrainingListener.NONE)
                        .parameters();
            }
            try (Scorer scorer = Scorer.compile(Sample.base(), design, parameters, Variant.FP32)) {
                assertThat(Evaluation.of(scorer, 0, pairs).accuracy()).isGreaterThan(0.9);
            }
        }
    }

    @Test
    void train_onExamplesOfAnotherTask_namesWhatDoesNotFit() {
        float[] start = InitialModel.vector(trainer.layout(), 1);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> trainer.train(List.of(new Example("x", 1)), start, SETTINGS, 1, TrainingListener.NONE))
                .withMessageContaining("1 labels of an example for 3 heads");
        Example entity = new Example(
                TextPair.of("Anna"), List.of(-1, -1, -1), List.of(new EntitySpan(0, 4, 2)), List.of(Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trainer.train(List.of(entity), start, SETTINGS, 1, TrainingListener.NONE))
                .withMessageContaining("label 2 of an entity must be below the 2 kinds");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Example(TextPair.of("Anna"), List.of(-1), null, List.of()))
                .withMessageContaining("nothing is known");
    }
}
