package dev.sotto.site;

import dev.sotto.bert.Example;
import java.util.ArrayList;
import java.util.List;

/** Deals a site's examples out to rounds in turn, so that every one is used before any is used again. Immutable. */
final class ExampleTurns {
    private final List<Example> examples;
    private final int perRound;

    /**
     * Turns over examples.
     *
     * @param examples in the order in which they are used, at least one
     * @param perRound examples a round, 1 or more; with fewer in all, a round uses each once
     */
    ExampleTurns(List<Example> examples, int perRound) {
        if (examples.isEmpty() || perRound < 1) {
            throw new IllegalArgumentException(
                    "%d examples at %d a round; each must be at least 1".formatted(examples.size(), perRound));
        }
        this.examples = List.copyOf(examples);
        this.perRound = Math.min(perRound, examples.size());
    }

    /** The examples of a round, counted from 1. */
    List<Example> of(int round) {
        long first = (long) (round - 1) * perRound;
        List<Example> turn = new ArrayList<>(perRound);
        for (int i = 0; i < perRound; i++) {
            turn.add(examples.get((int) ((first + i) % examples.size())));
        }
        return turn;
    }
}
