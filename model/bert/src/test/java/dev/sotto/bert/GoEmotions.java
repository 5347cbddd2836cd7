package dev.sotto.bert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * GoEmotions in three classes: its emotions in the groups of its authors, ambiguous ones and rows of two groups left out.
 *
 * @param training rows to train on
 * @param validation rows held out
 * @param source where they come from, for people
 */
record GoEmotions(List<Example> training, List<Example> validation, String source) {
    private static final Set<String> POSITIVE = Set.of(
            "admiration",
            "amusement",
            "approval",
            "caring",
            "desire",
            "excitement",
            "gratitude",
            "joy",
            "love",
            "optimism",
            "pride",
            "relief");
    private static final Set<String> AMBIGUOUS = Set.of("confusion", "curiosity", "realization", "surprise");
    private static final int VALIDATION = 1000;

    /** The whole of it, from a directory with {@code labels.txt}, {@code train.tsv} and {@code dev.tsv} in it or in {@code chat-en/goemotions}. */
    static GoEmotions read(Path data) throws IOException {
        Path nested = data.resolve("chat-en/goemotions");
        Path directory = Files.isDirectory(nested) ? nested : data;
        List<String> emotions = Files.readAllLines(directory.resolve("labels.txt"));
        List<Example> validation = rows(directory.resolve("dev.tsv"), emotions);
        return new GoEmotions(
                rows(directory.resolve("train.tsv"), emotions),
                validation.subList(0, Math.min(VALIDATION, validation.size())),
                "GoEmotions");
    }

    /** The sample that is in the source tree. */
    static GoEmotions sample() {
        List<Example> all = Sample.examples();
        int validation = all.size() / 4;
        return new GoEmotions(
                all.subList(validation, all.size()), all.subList(0, validation), "the shipped sample of GoEmotions");
    }

    private static List<Example> rows(Path file, List<String> emotions) throws IOException {
        List<Example> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String[] columns = line.split("\t");
            Set<Integer> labels = new HashSet<>();
            for (String id : columns[1].split(",")) {
                String emotion = emotions.get(Integer.parseInt(id));
                labels.add(
                        AMBIGUOUS.contains(emotion)
                                ? -1
                                : emotion.equals("neutral") ? 1 : POSITIVE.contains(emotion) ? 2 : 0);
            }
            if (labels.size() == 1 && !labels.contains(-1)) {
                rows.add(new Example(columns[0], labels.iterator().next()));
            }
        }
        return rows;
    }
}
