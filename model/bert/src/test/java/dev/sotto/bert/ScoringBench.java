package dev.sotto.bert;

import dev.sotto.federation.AdapterSpec;
import dev.sotto.federation.InitialModel;
import dev.sotto.federation.ModelDesign;
import dev.sotto.federation.ParameterLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Scoring speed against ONNX Runtime on the same base model: texts in, class probabilities out, one thread a side,
 * tokenization and batching by length on both sides. The texts are rows of GoEmotions, joined where a length needs more than one. At
 * every length all sides take turns; a ratio is the median over the turns, and the figure is the least over the lengths.
 * Then the growth of the process over a hundred thousand texts. The last line is one JSON object.
 */
public final class ScoringBench {
    private static final int[] LENGTHS = {16, 32, 64, 128};
    private static final List<String> LABELS = List.of("negative", "neutral", "positive");

    /** Of a text, the leak's texts: a few tokens, so that a hundred thousand pass in minutes. */
    private static final int LEAK_TOKENS = 8;

    private static final int LEAK_CALL = 50;

    /** Something that scores a batch of texts. */
    private interface Side {
        float[][] score(List<TextPair> texts) throws Exception;
    }

    private final int turns;
    private final int area;
    private final int leakTexts;
    private final SplittableRandom random = new SplittableRandom(1);
    private final Map<String, Side> sides = new LinkedHashMap<>();

    private ScoringBench(boolean quick) {
        this.turns = quick ? 5 : 15;
        this.area = quick ? 256 : 1024;
        this.leakTexts = quick ? 500 : 100_000;
    }

    public static void main(String[] arguments) throws Exception {
        new ScoringBench(Arrays.asList(arguments).contains("--quick")).run();
    }

    private void run() throws Exception {
        BaseModel base = BaseModel.load("all-minilm-l6-v2");
        AdapterSpec adapter = new AdapterSpec(8, 16, List.of(0, 1, 2, 3, 4, 5));
        ModelDesign design = ModelDesign.classifier(adapter, "mood", LABELS, 128);
        ParameterLayout layout = ParameterLayout.of(design, base.shape());
        float[] parameters = InitialModel.vector(layout, 1);
        Map<Variant, Scorer> scorers = new EnumMap<>(Variant.class);
        try (BertTokenizer tokenizer = BertTokenizer.of(base, 128);
                OrtEncoder single = new OrtEncoder("/all-minilm-l6-v2.onnx");
                OrtEncoder quantized = new OrtEncoder("/all-minilm-l6-v2-q.onnx")) {
            MergedAdapter head = new MergedAdapter(base, adapter, layout, parameters);
            sides.put("ort fp32", texts -> classify(single, tokenizer, head, texts));
            sides.put("ort int8", texts -> classify(quantized, tokenizer, head, texts));
            for (Variant variant : Variant.values()) {
                Scorer scorer = Scorer.compile(base, design, parameters, variant);
                scorers.put(variant, scorer);
                sides.put(variant.name().toLowerCase(Locale.ROOT), texts -> scorer.probabilities(0, texts));
            }
            System.out.printf("one thread, %d turns of some %d tokens; texts/s%n", turns, area);
            System.out.printf("%-10s", "length");
            sides.keySet().forEach(name -> System.out.printf("%10s", name));
            System.out.println();
            List<Map<String, double[]>> seconds = new ArrayList<>();
            for (int length : LENGTHS) {
                seconds.add(measure(length, tokenizer));
            }
            double int8 = least(seconds, "ort int8", "int8");
            double bf16 = least(seconds, "ort fp32", "bf16");
            double fp32 = least(seconds, "ort fp32", "fp32");
            double speed = IntStream.range(0, LENGTHS.length)
                    .mapToDouble(i -> count(LENGTHS[i])
                            / Math.min(
                                    median(seconds.get(i).get("int8")),
                                    median(seconds.get(i).get("fp32"))))
                    .min()
                    .orElseThrow();
            System.out.printf(
                    Locale.ROOT,
                    "{\"int8_over_ort_int8\": %.3f, \"bf16_over_ort_fp32\": %.3f, \"fp32_over_ort_fp32\": %.3f,"
                            + " \"texts_per_s\": %.1f, \"rss_growth_mb\": %s}%n",
                    int8,
                    bf16,
                    fp32,
                    speed,
                    growth(base, parameters));
        } finally {
            scorers.values().forEach(Scorer::close);
        }
    }

    /** Seconds of every turn of every side. */
    private Map<String, double[]> measure(int length, BertTokenizer tokenizer) throws Exception {
        List<TextPair> batch = texts(length, tokenizer);
        for (Side side : sides.values()) {
            side.score(batch);
        }
        Map<String, double[]> seconds = new LinkedHashMap<>();
        sides.keySet().forEach(name -> seconds.put(name, new double[turns]));
        for (int turn = 0; turn < turns; turn++) {
            for (Map.Entry<String, Side> side : sides.entrySet()) {
                long start = System.nanoTime();
                side.getValue().score(batch);
                seconds.get(side.getKey())[turn] = (System.nanoTime() - start) / 1e9;
            }
        }
        System.out.printf("%-10d", length);
        seconds.values().forEach(times -> System.out.printf("%10.1f", count(length) / median(times)));
        System.out.println();
        return seconds;
    }

    private int count(int length) {
        return area / length;
    }

    /** Rows of the sample, each with those behind it until it has more than three quarters of the tokens. */
    private List<TextPair> texts(int length, BertTokenizer tokenizer) {
        List<String> rows = Sample.examples().stream()
                .map(example -> example.text().first())
                .toList();
        List<TextPair> made = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int row = random.nextInt(rows.size()); made.size() < count(length); row = (row + 1) % rows.size()) {
            text.append(text.isEmpty() ? "" : " ").append(rows.get(row));
            int tokens = tokenizer.ids(List.of(text.toString())).get(0).length;
            if (tokens > length) {
                text.setLength(0);
            } else if (4 * tokens > 3 * length) {
                made.add(TextPair.of(text.toString()));
                text.setLength(0);
            }
        }
        return made;
    }

    /** The least over the lengths of the median over the turns of how many times faster ours is. */
    private static double least(List<Map<String, double[]>> seconds, String theirs, String ours) {
        return seconds.stream()
                .mapToDouble(times -> {
                    double[] ratios = new double[times.get(ours).length];
                    Arrays.setAll(ratios, i -> times.get(theirs)[i] / times.get(ours)[i]);
                    return median(ratios);
                })
                .min()
                .orElseThrow();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** ONNX Runtime's hidden states, then the same mean pooling and head, in Java. */
    private static float[][] classify(
            OrtEncoder encoder, BertTokenizer tokenizer, MergedAdapter head, List<TextPair> texts) throws Exception {
        List<TokenizedText> tokens = tokenizer.texts(texts);
        float[][] result = new float[texts.size()][];
        for (int[] batch : LengthBuckets.sorted(tokens, 32, 2048)) {
            float[] states = encoder.hiddenStates(tokens, batch);
            int stride = states.length / batch.length;
            for (int row = 0; row < batch.length; row++) {
                result[batch[row]] = softmax(
                        head, states, row * stride, tokens.get(batch[row]).length());
            }
        }
        return result;
    }

    private static float[] softmax(MergedAdapter head, float[] states, int from, int tokens) {
        Weight weight = head.headWeight(0);
        int hidden = weight.columns();
        float[] pooled = new float[hidden];
        for (int i = 0; i < tokens * hidden; i++) {
            pooled[i % hidden] += states[from + i] / tokens;
        }
        float[] scores = head.headBias(0).values().clone();
        float sum = 0;
        for (int label = 0; label < scores.length; label++) {
            for (int i = 0; i < hidden; i++) {
                scores[label] += weight.values()[label * hidden + i] * pooled[i];
            }
            scores[label] = (float) Math.exp(scores[label]);
            sum += scores[label];
        }
        for (int label = 0; label < scores.length; label++) {
            scores[label] /= sum;
        }
        return scores;
    }

    /** Growth of the resident set in MB over many texts, the first ones aside, or null where it cannot be read. */
    private String growth(BaseModel base, float[] parameters) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return "null";
        }
        AdapterSpec adapter = new AdapterSpec(8, 16, List.of(0, 1, 2, 3, 4, 5));
        ModelDesign design = ModelDesign.classifier(adapter, "mood", LABELS, LEAK_TOKENS);
        try (Scorer scorer = Scorer.compile(base, design, parameters, Variant.INT8)) {
            score(scorer, Math.max(500, leakTexts / 20));
            long before = resident(status);
            System.out.printf("resident set: %d MB", before >> 10);
            for (int part = 0; part < 5; part++) {
                score(scorer, leakTexts / 5);
                System.out.printf(", %d", resident(status) >> 10);
            }
            System.out.printf(" after each fifth of %d texts%n", leakTexts);
            return String.format(Locale.ROOT, "%.1f", (resident(status) - before) / 1024.0);
        }
    }

    private void score(Scorer scorer, int count) {
        List<TextPair> all = Sample.texts(Sample.examples().size());
        for (int done = 0; done < count; done += LEAK_CALL) {
            int from = random.nextInt(all.size() - LEAK_CALL);
            scorer.probabilities(all.subList(from, from + LEAK_CALL));
        }
    }

    private static long resident(Path status) throws IOException {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
