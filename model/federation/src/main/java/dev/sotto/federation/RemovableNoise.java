package dev.sotto.federation;

import dev.sotto.privacy.NoiseContext;
import dev.sotto.privacy.NoiseKey;
import dev.sotto.privacy.RandomWords;
import dev.sotto.privacy.Skellam;
import java.util.ArrayList;
import java.util.List;

/**
 * The noise of a sum in the parts that each of its sites adds ({@link NoiseComponents}), put on by the site and taken off the sum.
 *
 * <p>Every component has a stream of its own for every chunk, so that a chunk can be had without those before, and one for the metrics, which
 * stand in front of every chunk and have the same noise in all of them. Immutable and thread-safe; making one takes time in
 * proportion to sigma and the number of components.
 */
public final class RemovableNoise {
    private final NoiseComponents components;
    private final List<Skellam> distributions;

    /** The noise of these components. */
    public RemovableNoise(NoiseComponents components) {
        this.components = components;
        List<Skellam> all = new ArrayList<>();
        for (int k = 0; k < components.components(); k++) {
            all.add(components.component(k));
        }
        this.distributions = List.copyOf(all);
    }

    /** Which components there are and what stays of them. */
    public NoiseComponents components() {
        return components;
    }

    /**
     * Adds a chunk of all components from a link's on, mod 2^32.
     *
     * @param from a site's first link to add its noise
     * @param entries the chunk, metrics first
     */
    void add(NoiseLink from, int chunk, int[] entries) {
        apply(from, chunk, entries, 1);
    }

    /**
     * Takes a chunk of all components from a link's on off a sum, mod 2^32: exactly what the site added.
     *
     * @param from the link that the site told
     * @param entries the sum of the chunk, metrics first
     */
    public void remove(NoiseLink from, int chunk, int[] entries) {
        apply(from, chunk, entries, -1);
    }

    private void apply(NoiseLink from, int chunk, int[] entries, int sign) {
        for (int k = from.component(); k < distributions.size(); k++) {
            try (NoiseLink link = from.at(k);
                    NoiseKey front = link.key(NoiseContext.METRICS);
                    NoiseKey rest = link.key(chunk)) {
                apply(distributions.get(k), front.words(), entries, 0, RoundMetrics.ENTRIES, sign);
                apply(distributions.get(k), rest.words(), entries, RoundMetrics.ENTRIES, entries.length, sign);
            }
        }
    }

    private static void apply(Skellam noise, RandomWords words, int[] entries, int from, int to, int sign) {
        for (int i = from; i < to; i++) {
            entries[i] += sign * (int) noise.sample(words);
        }
    }
}
