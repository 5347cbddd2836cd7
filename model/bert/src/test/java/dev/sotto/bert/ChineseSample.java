package dev.sotto.bert;

import dev.sotto.federation.AdapterSpec;
import dev.sotto.federation.InitialModel;
import dev.sotto.federation.ParameterLayout;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The Chinese base model and some sentences written for the tests, each loaded once. */
final class ChineseSample {
    static final AdapterSpec TOP_LAYERS = new AdapterSpec(8, 16, List.of(2, 3));

    private ChineseSample() {}

    private static final class Lazy {
        static final BaseModel BASE = load();
        static final List<Example> EXAMPLES = read();

        private static BaseModel load() {
            try {
                return BaseModel.load("bge-small-zh");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static List<Example> read() {
            try (InputStream stream = ChineseSample.class.getResourceAsStream("chinese-sample.tsv")) {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> line.split("\t", 2))
                        .map(columns -> new Example(columns[1], Sample.LABELS.indexOf(columns[0])))
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static BaseModel base() {
        return Lazy.BASE;
    }

    /** Labelled sentences, classes in turn. */
    static List<Example> examples() {
        return Lazy.EXAMPLES;
    }

    static List<TextPair> texts(int count) {
        return examples().subList(0, count).stream().map(Example::text).toList();
    }

    static float[] start(AdapterSpec adapter, long seed) {
        return InitialModel.vector(ParameterLayout.of(Sample.design(adapter), base().shape()), seed);
    }
}
