package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.bert.Example;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.TaskDefinition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteDatasetTest {
    private static final TaskDefinition TASK = new Parties().task;
    private static final Map<String, String> COLUMNS = Map.of("sentiment", "label");

    @TempDir
    Path directory;

    private DataConfig file(String name, String content) throws IOException {
        Path file = Files.writeString(directory.resolve(name), content);
        return new DataConfig(file, COLUMNS, Map.of("sentiment", Map.of("1", "positive")), 0);
    }

    private static SiteDataset read(DataConfig config) {
        return SiteDataset.read(List.of(config), TASK.columns(), TASK.design(), 1);
    }

    @Test
    void jsonl_withGoodAndBadRows_keepsTheGoodAndNamesTheLinesOfTheBad() throws IOException {
        SiteDataset data = read(
                file(
                        "a.jsonl",
                        """
                {"text": "fine", "label": "positive", "more": [1]}
                {"text": "so so", "label": "neutral"}

                {"text": "secret words", "label": "angry"}
                {"text": "secret words"
                {"text": "", "label": "neutral"}
                {"label": "neutral"}
                {"text": "no label"}
                ["secret words", "neutral"]
                {"text": "mapped", "label": 1}
                {"text": {"secret": "words"}, "label": "neutral"}
                """));
        assertThat(data.training())
                .containsExactlyInAnyOrder(new Example("fine", 2), new Example("so so", 1), new Example("mapped", 2));
        assertThat(data.badRows().values().iterator().next())
                .containsExactly(
                        new BadRow(4, "the sentiment is not one of the task's labels"),
                        new BadRow(5, "not JSON"),
                        new BadRow(6, "the text is missing or empty"),
                        new BadRow(7, "the text is missing or empty"),
                        new BadRow(8, "the label is missing or empty"),
                        new BadRow(9, "not a JSON object"),
                        new BadRow(11, "the text is missing or empty"));
        assertThat(data.counts())
                .containsExactly(Map.entry("sentiment", Map.of("negative", 0, "neutral", 1, "positive", 2)));
    }

    @Test
    void jsonl_withALineThatIsNotUtf8_losesThatLineAlone() throws IOException {
        DataConfig config = file("a.jsonl", "");
        byte[] good = "{\"text\": \"grün\", \"label\": \"neutral\"}\n".getBytes(StandardCharsets.UTF_8);
        byte[] bad = "{\"text\": \"grün\", \"label\": \"neutral\"}\n".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(config.file(), bad);
        Files.write(config.file(), good, StandardOpenOption.APPEND);
        SiteDataset data = read(config);
        assertThat(data.training()).containsExactly(new Example("grün", 1));
        assertThat(data.badRows().values().iterator().next()).containsExactly(new BadRow(1, "not UTF-8"));
    }

    @Test
    void csv_withQuotesAndBadRows_countsPhysicalLines() throws IOException {
        SiteDataset data = read(
                file(
                        "a.csv",
                        """
                id,text,label
                1,"two
                lines, one row",neutral
                2,plain,positive
                3,secret words
                4,,neutral
                5,other,angry
                6,"he said ""no\""",negative
                """));
        assertThat(data.training())
                .containsExactlyInAnyOrder(
                        new Example("two\nlines, one row", 1),
                        new Example("plain", 2),
                        new Example("he said \"no\"", 0));
        assertThat(data.badRows().values().iterator().next())
                .containsExactly(
                        new BadRow(5, "2 columns but the header has 3"),
                        new BadRow(6, "the text is missing or empty"),
                        new BadRow(7, "the sentiment is not one of the task's labels"));
    }

    @Test
    void file_thatCannotBeUsed_isAnErrorThatSaysWhyAndQuotesNothing() throws IOException {
        assertThatThrownBy(() -> read(new DataConfig(directory.resolve("none.csv"), COLUMNS, Map.of(), 0)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("none.csv cannot be read");
        assertUnusable("a.txt", "x", "neither in .jsonl nor in .csv nor in .conll");
        assertUnusable("empty.csv", "", "is empty");
        assertUnusable("column.csv", "id,words,label\n1,secret,neutral\n", "has no column 'text'");
        assertUnusable("quote.csv", "text,label\n\"secret words,neutral\nmore,neutral\n", "line 2 is not CSV");
        assertUnusable(
                "rows.jsonl", "secret words\n", "has no usable row (1 are bad; the first is at line 1: not JSON)");
        DataConfig latin = file("latin.csv", "");
        Files.write(latin.file(), "text,label\ngrün,neutral\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> read(latin)).isInstanceOf(DataException.class).hasMessageContaining("not UTF-8");
    }

    private void assertUnusable(String name, String content, String message) throws IOException {
        DataConfig config = file(name, content);
        assertThatThrownBy(() -> read(config))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(message)
                .hasMessageNotContaining("secret");
    }

    @Test
    void labels_thatLeadOutsideTheTask_areAConfigurationError() throws IOException {
        DataConfig base = file("a.csv", "text,label\nx,neutral\n");
        DataConfig config = new DataConfig(base.file(), COLUMNS, Map.of("sentiment", Map.of("x", "angry")), 0);
        assertThatThrownBy(() -> read(config))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("data.labels.sentiment leads to 'angry'");
    }

    @Test
    void validationShare_holdsOutAboutThatShareTheSameEachTime() throws IOException {
        String rows = rows(0, 1000);
        DataConfig base = file("a.csv", rows);
        DataConfig config = new DataConfig(base.file(), COLUMNS, Map.of(), 0.2);
        SiteDataset data = read(config);
        // Six standard deviations of a coin for every row.
        assertThat(data.validation()).hasSizeBetween(200 - 76, 200 + 76).doesNotContainAnyElementsOf(data.training());
        assertThat(data.training()).hasSize(1000 - data.validation().size());
        assertThat(read(config).validation()).isEqualTo(data.validation());
        assertThat(SiteDataset.read(List.of(config), TASK.columns(), TASK.design(), 2)
                        .validation())
                .isNotEqualTo(data.validation());
    }

    private static String rows(int from, int to) {
        StringBuilder rows = new StringBuilder("text,label\n");
        for (int i = from; i < to; i++) {
            rows.append("text ").append(i).append(",neutral\n");
        }
        return rows.toString();
    }

    @Test
    void validationShare_withARowMore_leavesEveryOtherRowOnItsSide() throws IOException {
        SiteDataset without = read(share(file("without.csv", rows(1, 100))));
        SiteDataset with = read(share(file("with.csv", rows(0, 100))));
        assertThat(with.training()).containsAll(without.training());
        assertThat(with.validation()).containsAll(without.validation());
    }

    @Test
    void validationShare_thatLeavesNothingToTrainOn_isRefused() throws IOException {
        DataConfig base = file("one.csv", rows(0, 1));
        DataConfig config = new DataConfig(base.file(), COLUMNS, Map.of(), 0.999999);
        assertThatThrownBy(() -> read(config))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("1 usable rows and all are held out; lower data.validationShare");
    }

    private static DataConfig share(DataConfig base) {
        return new DataConfig(base.file(), COLUMNS, Map.of(), 0.3);
    }

    @Test
    void turns_ofRounds_useEveryExampleBeforeAnyAgain() {
        List<Example> examples = List.of(new Example("a", 0), new Example("b", 0), new Example("c", 0));
        ExampleTurns turns = new ExampleTurns(examples, 2);
        assertThat(turns.of(1)).containsExactly(examples.get(0), examples.get(1));
        assertThat(turns.of(2)).containsExactly(examples.get(2), examples.get(0));
        assertThat(new ExampleTurns(examples, 5).of(7)).containsExactlyElementsOf(examples);
    }
}
