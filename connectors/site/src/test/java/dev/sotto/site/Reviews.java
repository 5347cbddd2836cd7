package dev.sotto.site;

import java.util.List;

/** Short reviews whose words say their label. */
final class Reviews {
    private static final List<String> THINGS =
            List.of("room", "meal", "staff", "price", "service", "lobby", "breakfast", "view");
    private static final List<List<String>> WORDS = List.of(
            List.of("awful", "terrible", "a disappointment"),
            List.of("average", "as expected", "neither good nor bad"),
            List.of("wonderful", "excellent", "a delight"));
    private static final List<String> LABELS = List.of("negative", "neutral", "positive");

    private Reviews() {}

    static String csv(int rows) {
        StringBuilder csv = new StringBuilder("text,label\n");
        for (int i = 0; i < rows; i++) {
            int label = i % 3;
            csv.append("the %s was %s,%s\n"
                    .formatted(
                            THINGS.get(i / 3 % THINGS.size()), WORDS.get(label).get(i / 24 % 3), LABELS.get(label)));
        }
        return csv.toString();
    }
}
