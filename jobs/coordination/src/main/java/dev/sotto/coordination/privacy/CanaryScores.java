package dev.sotto.coordination.privacy;

import dev.sotto.federation.ConfigurationException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What an attacker saw of the canaries, and the coins.
 *
 * @param included the coins: whether each canary was in the sums
 * @param scores how much of each was found in what was released, the more the likelier it was in
 */
record CanaryScores(boolean[] included, double[] scores) {
    /** Of how many canaries the attacker guesses: all, a half, a fifth and a tenth, chosen before it looks. */
    private static final List<Integer> SHARES = List.of(1, 2, 5, 10);

    private static final int LEAST = 20;

    CanaryScores {
        if (included.length != scores.length || included.length < LEAST) {
            throw new ConfigurationException("canaries are %d (scores: %d) but must be at least %d, each with a score"
                    .formatted(included.length, scores.length, LEAST));
        }
    }

    /**
     * One attack: the highest scores are guessed to be in, the lowest to be out, and of the others nothing is said.
     *
     * @param bound its outcome
     * @param epsilon the largest that it refutes
     */
    record Attack(OneRunBound bound, double epsilon) {}

    /**
     * The attacks. The significance is divided by their number, so that the largest of their epsilons holds at it.
     *
     * @param significance the probability of refuting a promise that is kept, in (0, 1)
     */
    List<Attack> attacks(double delta, double significance) {
        Integer[] ranked = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer canary) -> scores[canary]))
                .toArray(Integer[]::new);
        return SHARES.stream()
                .map(share -> attack(ranked, Math.max(2, scores.length / share), delta, significance / SHARES.size()))
                .toList();
    }

    private Attack attack(Integer[] ranked, int guesses, double delta, double significance) {
        int low = guesses / 2;
        int high = guesses - low;
        int correct = 0;
        for (int i = 0; i < low; i++) {
            correct += included[ranked[i]] ? 0 : 1;
        }
        for (int i = ranked.length - high; i < ranked.length; i++) {
            correct += included[ranked[i]] ? 1 : 0;
        }
        OneRunBound bound = new OneRunBound(ranked.length, guesses, correct);
        return new Attack(bound, bound.epsilon(delta, significance));
    }
}
