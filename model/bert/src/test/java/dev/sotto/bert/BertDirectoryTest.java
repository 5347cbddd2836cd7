package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.AdapterSpec;
import dev.sotto.federation.BaseShape;
import dev.sotto.federation.BaseSpec;
import dev.sotto.federation.InitialModel;
import dev.sotto.federation.ModelDesign;
import dev.sotto.federation.ParameterLayout;
import dev.sotto.federation.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BertDirectoryTest {
    private static final String VOCABULARY =
            String.join("\n", "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "bank", "fee", "##s", "好", "的", ",");
    private static final BertArchitecture SMALL = new BertArchitecture(3, 24, 4, 40, 11, 20, 2, 1e-3);
    private static final AdapterSpec ADAPTER = new AdapterSpec(2, 4, List.of(1, 2));
    private static final int MAX_TOKENS = 20;

    @TempDir
    private Path path;

    /** Random weights with seven significant bits, which every element type holds exactly. */
    private static Map<String, Weight> random(BertArchitecture architecture) {
        SplittableRandom random = new SplittableRandom(5);
        Map<String, Weight> tensors = new LinkedHashMap<>();
        architecture.tensors().forEach((name, shape) -> {
            float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
            boolean scale = name.endsWith("LayerNorm.weight");
            for (int i = 0; i < values.length; i++) {
                values[i] = scale ? 1 + random.nextInt(-32, 33) / 64f : random.nextInt(-127, 128) / 256f;
            }
            tensors.put(name, new Weight(shape, values));
        });
        return tensors;
    }

    private HuggingFaceDirectory small() {
        return new HuggingFaceDirectory(path, SMALL, random(SMALL));
    }

    private HuggingFaceDirectory whole() throws IOException {
        return small().writeConfig().write("vocab.txt", VOCABULARY).writeWeights();
    }

    private BaseModel load() throws IOException {
        return BaseModel.load(path.toString());
    }

    private static float[] start(BaseModel base, AdapterSpec adapter) {
        return InitialModel.vector(ParameterLayout.of(design(adapter, MAX_TOKENS), base.shape()), 1);
    }

    private static ModelDesign design(AdapterSpec adapter, int maxTokens) {
        return ModelDesign.classifier(adapter, "mood", Sample.LABELS, maxTokens);
    }

    private static Scorer scorer(BaseModel base, int maxTokens) {
        return Scorer.compile(base, design(ADAPTER, maxTokens), start(base, ADAPTER), Variant.FP32);
    }

    private static String inTensorFlowsNames(String name) {
        return "bert."
                + name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
    }

    @ParameterizedTest
    @CsvSource({"F32, plain", "F16, prefixed", "BF16, prefixed", "F32, tensorflow"})
    void hiddenStates_ofRandomWeights_equalTheReference(String type, String naming) throws Exception {
        HuggingFaceDirectory directory = small().type(type)
                .naming(name -> switch (naming) {
                    case "plain" -> name;
                    case "prefixed" -> "bert." + name;
                    default -> inTensorFlowsNames(name);
                })
                .writeConfig()
                .write("vocab.txt", VOCABULARY)
                .writeWeights();
        BaseModel base = load();
        assertThat(base.architecture()).isEqualTo(SMALL);
        assertThat(base.shape()).isEqualTo(new BaseShape(3, 24));
        List<TextPair> texts = Stream.of("bank fees", "", "好的,bank", "fees ".repeat(40), "unknown fee 好")
                .map(TextPair::of)
                .toList();
        ReferenceBert reference = new ReferenceBert(SMALL, directory.tensors());
        try (BertTokenizer tokenizer = BertTokenizer.of(base, MAX_TOKENS);
                Scorer scorer = scorer(base, MAX_TOKENS)) {
            List<TokenizedText> tokens = tokenizer.texts(texts);
            assertThat(tokens.get(0).ids()).containsExactly(2, 5, 6, 7, 3);
            assertThat(tokens.get(2).ids()).containsExactly(2, 8, 9, 10, 5, 3);
            int[] all = IntStream.range(0, texts.size()).toArray();
            assertThat(tokens.get(3).length()).isEqualTo(MAX_TOKENS);
            float[][] states = scorer.hiddenStates(texts);
            for (int row : all) {
                double[][] expected = reference.hiddenStates(tokens.get(row).ids());
                for (int i = 0; i < expected.length; i++) {
                    int from = i * SMALL.hidden();
                    for (int k = 0; k < SMALL.hidden(); k++) {
                        assertThat((double) states[row][from + k])
                                .as("text %d, token %d, entry %d", row, i, k)
                                .isCloseTo(expected[i][k], within(1e-4));
                    }
                }
            }
        }
    }

    @Test
    void load_miniLmWrittenAsADirectory_givesWhatItsJarGives() throws Exception {
        BaseModel jar = Sample.base();
        Map<String, Weight> tensors = new LinkedHashMap<>();
        jar.architecture().tensors().keySet().forEach(name -> tensors.put(name, jar.weight(name)));
        new HuggingFaceDirectory(path, jar.architecture(), tensors)
                .naming(BertDirectoryTest::inTensorFlowsNames)
                .writeConfig()
                .writeWeights();
        Files.write(path.resolve("tokenizer.json"), jar.tokenizer());
        BaseModel base = load();
        assertThat(base.architecture()).isEqualTo(jar.architecture());
        List<TextPair> texts = Sample.texts(8);
        try (Scorer ofJar = scorer(jar, Sample.MAX_TOKENS);
                Scorer ofDirectory = scorer(base, Sample.MAX_TOKENS)) {
            assertThat(ofDirectory.hiddenStates(texts)).isDeepEqualTo(ofJar.hiddenStates(texts));
            assertThat(ofDirectory.probabilities(0, texts)).isDeepEqualTo(ofJar.probabilities(0, texts));
        }
    }

    @Test
    void train_onADirectory_lowersTheLoss() throws Exception {
        whole();
        BaseModel base = load();
        List<Example> examples = IntStream.range(0, 48)
                .mapToObj(i -> new Example(List.of("bank fees", "好的", "fee,").get(i % 3), i % 3))
                .toList();
        TrainingSettings settings = Sample.settings(48, 8, 1e-2, 2e-2, 0, false);
        float[] parameters = start(base, ADAPTER);
        double[] losses = new double[4];
        try (LocalTrainer trainer = LocalTrainer.compile(base, design(ADAPTER, MAX_TOKENS))) {
            for (int pass = 0; pass < losses.length; pass++) {
                TrainingResult result = trainer.train(examples, parameters, settings, pass, TrainingListener.NONE);
                losses[pass] = result.meanLoss();
                parameters = result.parameters();
            }
        }
        assertThat(losses[3]).isLessThan(losses[0] / 2);
    }

    @Test
    void load_aTasksBase_checksShapeAndHash() throws Exception {
        whole();
        String sha256 = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest(Files.readAllBytes(path.resolve("model.safetensors"))));
        String setup = load().setupSha256();
        BaseModel base = BaseModel.load(new BaseSpec(path.toString(), 3, 24, sha256, setup));
        assertThat(base.spec()).isEqualTo(new BaseSpec(path.toString(), 3, 24, sha256, setup));
        assertThat(base.sha256()).isEqualTo(sha256);
        assertThat(base.name()).isEqualTo(path.toString());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BaseModel.load(new BaseSpec(path.toString(), 2, 24, sha256, setup)))
                .withMessageContaining("layers=3")
                .withMessageContaining("layers=2");
        String other = "0".repeat(64);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BaseModel.load(new BaseSpec(path.toString(), 3, 24, other, setup)))
                .withMessageContaining(sha256)
                .withMessageContaining(other);
    }

    /** The weights are the same in all three; a site that reads them otherwise would train another model. */
    @Test
    void load_aTasksBase_checksConfigurationAndTokenizer() throws Exception {
        whole();
        BaseSpec spec = load().spec();
        write("vocab.txt", VOCABULARY.replace("bank", "tank"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BaseModel.load(spec))
                .withMessageContaining("configuration and tokenizer of base model")
                .withMessageContaining(String.valueOf(spec.setupSha256()));
        write("vocab.txt", VOCABULARY);
        assertThat(BaseModel.load(spec).spec()).isEqualTo(spec);
        String config = Files.readString(path.resolve("config.json"));
        write("config.json", config.replace("\"num_attention_heads\": 4", "\"num_attention_heads\": 2"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BaseModel.load(spec))
                .withMessageContaining("configuration and tokenizer of base model");
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(path.resolve(file), text);
    }

    /** Sites name a base alike and keep it where they like. */
    @Test
    void load_byNameFromTheMachinesBases_isTheDirectoryOfThatName() throws Exception {
        whole();
        String name = path.getFileName().toString();
        BaseSpec pinned = load().spec();
        BaseSpec named = new BaseSpec(name, 3, 24, pinned.sha256(), pinned.setupSha256());
        System.setProperty(BaseDirectories.PROPERTY, path.getParent().toString());
        try {
            assertThat(BaseModel.load(named).spec()).isEqualTo(named);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> BaseModel.load(new BaseSpec(name, 3, 24, pinned.sha256(), null)))
                    .withMessageContaining("base.setupSha256")
                    .withMessageContaining(String.valueOf(pinned.setupSha256()));
            assertThatThrownBy(() -> BaseModel.load("no-such-bert"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no-such-bert is not a directory");
        } finally {
            System.clearProperty(BaseDirectories.PROPERTY);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'\"model_type\": \"bert\"', '\"model_type\": \"roberta\"', model_type is 'roberta' but must be 'bert'",
        "'\"model_type\": \"bert\",', '', model_type is '' but must be 'bert'",
        "'\"gelu\"', '\"gelu_new\"', hidden_act is 'gelu_new' but must be 'gelu'",
        "'\"hidden_act\": \"gelu\"', '\"is_decoder\": true', is_decoder is 'true'",
        "'\"hidden_act\": \"gelu\"', '\"position_embedding_type\": \"relative_key\"', is 'relative_key' but must be",
        "'\"hidden_size\": 24', '\"hidden_size\": 26', 'is 26 but must be a multiple of its 4 heads'",
        "'\"hidden_size\": 24,', '', hidden_size is missing",
        "'\"hidden_size\": 24', '\"hidden_size\": \"24\"', 'hidden_size is \"24\" but must be a number'",
        "'\"hidden_size\": 24', '\"hidden_size\": 2.5', hidden_size is 2.5 but must be a whole number",
        "'\"num_hidden_layers\": 3', '\"num_hidden_layers\": 1000000000', 1000000000 layers",
        "'\"num_attention_heads\": 4', '\"num_attention_heads\": 0', heads is 0",
        "'\"layer_norm_eps\": 0.001', '\"layer_norm_eps\": 0', epsilon is 0.0",
        "'{\"architectures\"', '{', is not JSON",
    })
    void load_anotherConfiguration_isRefusedByItsSetting(String from, String to, String message) throws Exception {
        HuggingFaceDirectory directory = whole();
        assertThat(directory.config()).contains(from);
        directory.write("config.json", directory.config().replace(from, to));
        assertThatIllegalArgumentException()
                .isThrownBy(this::load)
                .withMessageContaining("config.json")
                .withMessageContaining(message);
    }

    @Test
    void load_aMissingTensor_namesItAndWhatIsNeeded() throws Exception {
        HuggingFaceDirectory directory = whole();
        directory.tensors().remove("encoder.layer.2.output.LayerNorm.bias");
        directory.writeWeights();
        assertThatIllegalArgumentException()
                .isThrownBy(this::load)
                .withMessageContaining("lacks tensor encoder.layer.2.output.LayerNorm.bias of shape [24]")
                .withMessageContaining("bert.encoder.layer.2.output.LayerNorm.beta");
    }

    @Test
    void load_aTensorOfAnotherShape_namesBothShapes() throws Exception {
        HuggingFaceDirectory directory = whole();
        directory.tensors().compute("encoder.layer.0.intermediate.dense.weight", (name, weight) -> weight.transposed());
        directory.writeWeights();
        assertThatIllegalArgumentException()
                .isThrownBy(this::load)
                .withMessageContaining("tensor encoder.layer.0.intermediate.dense.weight")
                .withMessageContaining("has shape [24, 40] but config.json needs [40, 24]");
    }

    @Test
    void load_aValueThatIsNotFinite_isNamed() throws Exception {
        HuggingFaceDirectory directory = whole();
        directory.tensors().get("encoder.layer.1.output.dense.bias").values()[7] = Float.NaN;
        directory.writeWeights();
        assertThatIllegalArgumentException()
                .isThrownBy(this::load)
                .withMessageContaining("encoder.layer.1.output.dense.bias")
                .withMessageContaining("NaN at entry 7");
    }

    @ParameterizedTest
    @CsvSource({"config.json, config.json", "model.safetensors, model.safetensors", "vocab.txt, neither tokenizer.json"
    })
    void load_aMissingFile_isNamed(String file, String message) throws Exception {
        whole();
        Files.delete(path.resolve(file));
        assertThatThrownBy(this::load)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining(message);
    }

    @Test
    void load_noDirectory_isRefused() {
        assertThatThrownBy(() -> BaseModel.load("/no/such/model"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/no/such/model is not a directory");
    }

    @Test
    void load_aVocabularyLargerThanTheEmbeddings_isRefusedByItsToken() throws Exception {
        whole().write("vocab.txt", VOCABULARY + "\nsurplus\n");
        assertThatIllegalArgumentException()
                .isThrownBy(this::load)
                .withMessageContaining("'surplus'")
                .withMessageContaining("11");
    }

    @Test
    void load_aVocabularyWithoutItsEnds_isRefused() throws Exception {
        whole().write("vocab.txt", VOCABULARY.replace("[SEP]", "[END]"));
        assertThatIllegalArgumentException()
                .isThrownBy(this::load)
                .withMessageContaining("vocab.txt")
                .withMessageContaining("lacks [SEP]");
    }
}
