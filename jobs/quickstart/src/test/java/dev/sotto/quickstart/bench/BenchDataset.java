package dev.sotto.quickstart.bench;

import dev.sotto.bert.Example;
import dev.sotto.federation.StrictYaml;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.site.DataConfig;
import dev.sotto.site.SiteDataset;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Rows to train on and rows to measure on, with the task that learns them.
 *
 * @param source where the rows come from, for people
 * @param reference what others published on such data, for people; not the same split or classes unless it says so
 */
record BenchDataset(
        String source, TaskDefinition task, List<Example> training, List<Example> validation, String reference) {
    private static final int MEASURED = 1000;
    private static final long SEED = 1;
    private static final String GO_EMOTIONS_REFERENCE =
            "BERT-base, four groups with ambiguous: 0.69 (Demszky et al. 2020)";
    private static final String SENTFIN_REFERENCE = "RoBERTa, FinBERT: F1 0.9327 (Sinha et al. 2022)";

    BenchDataset {
        training = List.copyOf(training);
        validation = List.copyOf(validation);
    }

    /** Three classes of chat, from GoEmotions' own directory or one that holds it in {@code chat-en/goemotions}. */
    static BenchDataset chat(Path data) throws IOException {
        Path nested = data.resolve("chat-en/goemotions");
        Path directory = Files.isDirectory(nested) ? nested : data;
        return new BenchDataset(
                "GoEmotions, train and dev",
                task("chat"),
                GoEmotionsFile.read(directory, "train.tsv"),
                first(GoEmotionsFile.read(directory, "dev.tsv")),
                GO_EMOTIONS_REFERENCE);
    }

    /** The shipped rows of GoEmotions. */
    static BenchDataset shippedChat() throws IOException {
        TaskDefinition task = task("chat");
        Map<String, String> columns = Map.of("sentiment", "label");
        return new BenchDataset(
                "the shipped rows of GoEmotions",
                task,
                rows(
                        task,
                        columns,
                        Map.of(),
                        shipped("goemotions/care-centre.jsonl"),
                        shipped("goemotions/hospital-line.jsonl")),
                rows(task, columns, Map.of(), shipped("goemotions/validation.jsonl")),
                GO_EMOTIONS_REFERENCE);
    }

    /** All of a directory of public data that is laid out as the design's. */
    static List<BenchDataset> all(Path data) throws IOException {
        return List.of(chat(data), finance(data), tweets(data), names(data), wnut(data), chinese(data));
    }

    /** The rows in this build. */
    static List<BenchDataset> shipped() throws IOException {
        TaskDefinition finance = task("finance");
        TaskDefinition names = task("names");
        return List.of(
                shippedChat(),
                new BenchDataset(
                        "the shipped rows of SEntFiN",
                        finance,
                        rows(finance, Map.of(), Map.of(), shipped("sentfin/entities.csv")),
                        rows(finance, Map.of(), Map.of(), shipped("sentfin/entities-validation.csv")),
                        SENTFIN_REFERENCE),
                new BenchDataset(
                        "the shipped rows of BTC",
                        names,
                        rows(names, Map.of(), Map.of(), shipped("btc/entities.conll")),
                        rows(names, Map.of(), Map.of(), shipped("btc/entities-validation.conll")),
                        "none"));
    }

    private static BenchDataset finance(Path data) throws IOException {
        List<List<Example>> headlines = SentfinFile.read(data.resolve("finance-en/sentfin/SEntFiN.csv"));
        List<Example> training = new ArrayList<>();
        List<Example> validation = new ArrayList<>();
        for (int i = 0; i < headlines.size(); i++) {
            (i % 10 == 0 ? validation : training).addAll(headlines.get(i));
        }
        return new BenchDataset(
                "SEntFiN, every tenth headline measured on",
                task("finance"),
                training,
                first(validation),
                SENTFIN_REFERENCE);
    }

    private static BenchDataset tweets(Path data) {
        TaskDefinition task = task("tweets");
        Path directory = data.resolve("finance-en/twitter-financial-news");
        Map<String, String> columns = Map.of("sentiment", "label");
        Map<String, Map<String, String>> words =
                Map.of("sentiment", Map.of("0", "negative", "1", "positive", "2", "neutral"));
        return new BenchDataset(
                "twitter-financial-news, train and validation",
                task,
                rows(task, columns, words, directory.resolve("sent_train.csv")),
                first(rows(task, columns, words, directory.resolve("sent_valid.csv"))),
                "none of this split");
    }

    private static BenchDataset names(Path data) throws IOException {
        TaskDefinition task = task("names");
        Path directory = data.resolve("ner-en/btc");
        return new BenchDataset(
                "Broad Twitter Corpus, train and dev",
                task,
                conll(task, directory.resolve("btc.train")),
                first(conll(task, directory.resolve("btc.dev"))),
                "none of this split");
    }

    private static BenchDataset wnut(Path data) throws IOException {
        TaskDefinition task = task("wnut");
        Path directory = data.resolve("ner-en/wnut17");
        return new BenchDataset(
                "WNUT17, train and test",
                task,
                conll(task, directory.resolve("wnut17train.conll")),
                conll(task, directory.resolve("emerging.test.annotated")),
                "the shared task's best: entity F1 0.4186 (Derczynski et al. 2017)");
    }

    private static BenchDataset chinese(Path data) {
        TaskDefinition task = task("chinese");
        Path directory = data.resolve("chat-zh/asap_sample");
        Map<String, String> columns = Map.of("text", "reviewbody", "sentiment", "star");
        Map<String, Map<String, String>> words = Map.of(
                "sentiment",
                Map.of("1.0", "negative", "2.0", "negative", "3.0", "neutral", "4.0", "positive", "5.0", "positive"));
        return new BenchDataset(
                "300 reviews of ASAP",
                task,
                rows(task, columns, words, directory.resolve("train_sample.csv"), directory.resolve("dev_sample.csv")),
                rows(task, columns, words, directory.resolve("test_sample.csv")),
                "none of this sample");
    }

    private static List<Example> first(List<Example> rows) {
        return rows.subList(0, Math.min(MEASURED, rows.size()));
    }

    /** Files of tagged words may be called anything. */
    private static List<Example> conll(TaskDefinition task, Path file) throws IOException {
        Path named = Files.createTempFile("bench", ".conll");
        try {
            Files.write(named, Files.readAllBytes(file));
            return rows(task, Map.of(), Map.of(), named);
        } finally {
            Files.delete(named);
        }
    }

    private static List<Example> rows(
            TaskDefinition task, Map<String, String> columns, Map<String, Map<String, String>> words, Path... files) {
        List<DataConfig> configs = new ArrayList<>();
        for (Path file : files) {
            configs.add(new DataConfig(file, columns, words, 0));
        }
        return SiteDataset.read(configs, task.columns(), task.design(), SEED).training();
    }

    private static Path shipped(String file) {
        try {
            return Path.of(BenchDataset.class.getResource("/data/" + file).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a resource has a path", e);
        }
    }

    private static TaskDefinition task(String name) {
        String resource = "/bench/" + name + ".yaml";
        try (InputStream in = BenchDataset.class.getResourceAsStream(resource)) {
            return StrictYaml.read(in, resource, TaskDefinition.class);
        } catch (IOException e) {
            throw new IllegalStateException("the resource " + resource + " cannot be read", e);
        }
    }
}
