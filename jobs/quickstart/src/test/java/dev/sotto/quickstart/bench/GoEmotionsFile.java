package dev.sotto.quickstart.bench;

import dev.sotto.bert.Example;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** GoEmotions in three classes: its emotions in the groups of its authors, ambiguous ones and rows of two groups left out. */
final class GoEmotionsFile {
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

    private GoEmotionsFile() {}

    /** The rows of a file of tab-separated text, numbers of emotions, and id; labels are negative, neutral, positive. */
    static List<Example> read(Path directory, String file) throws IOException {
        List<String> emotions = Files.readAllLines(directory.resolve("labels.txt"));
        List<Example> rows = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve(file))) {
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
