package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.bert.EntitySpan;
import dev.sotto.bert.Example;
import dev.sotto.bert.TextPair;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.TaskDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that each teach some heads of one task. */
class SeveralHeadsDatasetTest {
    private static final int NONE = Example.UNKNOWN;
    private static final double ABSENT = Double.NaN;

    @TempDir
    Path directory;

    private TaskDefinition task;

    @BeforeEach
    void task() throws Exception {
        task = task("");
    }

    private TaskDefinition task(String more) throws Exception {
        String text = Files.readString(Path.of("src/test/resources/task.yaml"))
                .replaceAll(
                        "heads: .*",
                        """
                        heads:
                          - {name: sentiment, kind: text, labels: [bad, good]}
                          - {name: ner, kind: tokens, labels: [PER, LOC]}
                        statistics: [{column: age, least: 0, most: 120}]
                        """);
        return TaskDefinition.read(Files.writeString(directory.resolve("task.yaml"), text + more));
    }

    private DataConfig file(String name, String content) throws Exception {
        return file(name, content, Map.of(), Map.of());
    }

    private DataConfig file(
            String name, String content, Map<String, String> columns, Map<String, Map<String, String>> labels)
            throws Exception {
        return new DataConfig(Files.writeString(directory.resolve(name), content), columns, labels, 0);
    }

    private List<Example> rows(DataConfig... files) {
        return SiteDataset.read(List.of(files), task.columns(), task.design(), 1)
                .training();
    }

    @Test
    void conll_wordsAndTags_areTextsWithEntities() throws Exception {
        DataConfig conll = file(
                "a.conll",
                """
                -DOCSTART-\tO

                @anna\tB-person
                lives\tO
                in\tO
                New\tB-location
                York\tI-location
                \t
                no tag
                here

                Rome I-location
                Paris B-location
                Acme B-group
                """,
                Map.of(),
                Map.of("ner", Map.of("person", "PER", "location", "LOC", "group", "O")));
        SiteDataset data = SiteDataset.read(List.of(conll), task.columns(), task.design(), 1);
        assertThat(data.training())
                .containsExactlyInAnyOrder(
                        new Example(
                                TextPair.of("@anna lives in New York"),
                                List.of(NONE, NONE),
                                List.of(new EntitySpan(0, 5, 0), new EntitySpan(15, 23, 1)),
                                List.of(ABSENT)),
                        new Example(
                                TextPair.of("Rome Paris Acme"),
                                List.of(NONE, NONE),
                                List.of(new EntitySpan(0, 4, 1), new EntitySpan(5, 10, 1)),
                                List.of(ABSENT)));
        assertThat(data.badRows().get(conll.file()))
                .containsExactly(new BadRow(9, "a line of the sentence is not a word and a tag O, B-kind or I-kind"));
        assertThat(data.counts())
                .containsEntry("ner", Map.of("PER", 1, "LOC", 3))
                .containsEntry("sentiment", Map.of("bad", 0, "good", 0))
                .containsEntry("age", Map.of("rows", 0));
    }

    @Test
    void jsonl_entitiesInBothForms_areRead() throws Exception {
        List<Example> rows = rows(
                file(
                        "a.jsonl",
                        """
                {"text": "Anna left", "ner": [{"start": 0, "end": 4, "label": "PER"}], "age": 41}
                {"text": "Anna left", "ner": [[0, 4, "PER"]], "sentiment": "bad"}
                {"text": "nobody left", "ner": []}
                {"text": "Anna", "ner": [[0, 9, "PER"]]}
                {"text": "Anna", "ner": [[0, 4, "DOG"]]}
                {"text": "Anna", "ner": [[0, "PER"]]}
                {"text": "Anna", "ner": "PER"}
                {"text": "Anna", "sentiment": "good", "age": "old"}
                {"text": "Anna", "age": 3}
                """));
        List<EntitySpan> anna = List.of(new EntitySpan(0, 4, 0));
        assertThat(rows)
                .containsExactlyInAnyOrder(
                        new Example(TextPair.of("Anna left"), List.of(NONE, NONE), anna, List.of(41.0)),
                        new Example(TextPair.of("Anna left"), List.of(0, NONE), anna, List.of(ABSENT)),
                        new Example(TextPair.of("nobody left"), List.of(NONE, NONE), List.of(), List.of(ABSENT)));
        assertThat(SiteDataset.read(
                                List.of(new DataConfig(directory.resolve("a.jsonl"), Map.of(), Map.of(), 0)),
                                task.columns(),
                                task.design(),
                                1)
                        .badRows()
                        .values()
                        .iterator()
                        .next())
                .containsExactly(
                        new BadRow(4, "an entity from 0 to 9 is not in a text of 4 characters"),
                        new BadRow(5, "an entity's kind is not one of the task's labels of ner"),
                        new BadRow(6, "an entity is not of start, end and label"),
                        new BadRow(7, "the entities are not an array"),
                        new BadRow(8, "the age is not a number"),
                        new BadRow(9, "the label is missing or empty"));
    }

    @Test
    void files_ofDifferentHeads_areReadTogether() throws Exception {
        List<Example> rows = rows(
                file(
                        "a.csv",
                        "words,stars,age\nfine,5,30\n",
                        Map.of("text", "words", "sentiment", "stars"),
                        Map.of("sentiment", Map.of("5", "good"))),
                file("b.conll", "Rome B-LOC\n"));
        assertThat(rows)
                .containsExactlyInAnyOrder(
                        new Example(TextPair.of("fine"), List.of(1, NONE), null, List.of(30.0)),
                        new Example(
                                TextPair.of("Rome"),
                                List.of(NONE, NONE),
                                List.of(new EntitySpan(0, 4, 1)),
                                List.of(ABSENT)));
    }

    @Test
    void csv_ofPairs_needsTheSecondText() throws Exception {
        task = task("columns: {text: headline, second: company}\n");
        assertThat(rows(file("a.csv", "headline,company,sentiment\nup,Acme,good\nup,,good\n")))
                .containsExactly(new Example(new TextPair("up", "Acme"), List.of(1, NONE), null, List.of(ABSENT)));
        DataConfig lacks = file("b.csv", "headline,sentiment\nup,good\n");
        assertThatThrownBy(() -> rows(lacks)).hasMessageContaining("has no column 'company'");
    }

    @Test
    void config_ofColumnsOrLabelsThatTheTaskHasNot_isRefusedByName() throws Exception {
        DataConfig column = file("a.csv", "text,sentiment\nx,bad\n", Map.of("mood", "x"), Map.of());
        assertThatThrownBy(() -> rows(column))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("data.columns has 'mood'");
        DataConfig head = file("a.csv", "text,sentiment\nx,bad\n", Map.of(), Map.of("mood", Map.of()));
        assertThatThrownBy(() -> rows(head)).hasMessageContaining("data.labels has 'mood'");
        DataConfig none = file("a.csv", "text,mood\nx,bad\n");
        assertThatThrownBy(() -> rows(none))
                .hasMessageContaining("no column of labels, which would be one of [sentiment, ner]");
    }
}
