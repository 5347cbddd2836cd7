package dev.sotto.federation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One thing that a task's model judges, on top of the encoder that all its heads share: a linear layer.
 *
 * @param name of the head, and of the column that holds its labels, for example {@code sentiment}
 * @param labels of texts the classes, two or more, in the order of the outputs; of tokens the kinds of entity, one or more
 */
public record HeadSpec(String name, HeadKind kind, List<String> labels) implements Serializable {
    /** What a word is that names nothing. */
    public static final String OUTSIDE = "O";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    public HeadSpec {
        labels = List.copyOf(labels);
        Check.require(
                NAME.matcher(name).matches(),
                "heads.name",
                name,
                "a lower-case word of at most 32 letters, digits and -");
        int least = kind == HeadKind.TEXT ? 2 : 1;
        Check.require(labels.size() >= least, "labels of head " + name, labels, "at least " + least);
        Check.require(
                new HashSet<>(labels).size() == labels.size(),
                "labels of head " + name,
                labels,
                "different from each other");
        Check.require(
                labels.stream().noneMatch(label -> label.isBlank() || label.equals(OUTSIDE)),
                "labels of head " + name,
                labels,
                "words, none of them " + OUTSIDE);
    }

    /** The outputs: one a class, or for words outside, beginning and inside of each kind (BIO: Ramshaw, Marcus 1995). */
    @JsonIgnore
    public int outputs() {
        return kind == HeadKind.TEXT ? labels.size() : 1 + 2 * labels.size();
    }

    /**
     * The numbers that tell how its judgements came out: of texts how many of each class were judged to be of each, row by row of the true class;
     * of tokens the texts, those that were wholly right, and of each kind the entities there are, those found and those rightly found.
     */
    @JsonIgnore
    public int tallies() {
        return kind == HeadKind.TEXT ? labels.size() * labels.size() : 2 + 3 * labels.size();
    }
}
