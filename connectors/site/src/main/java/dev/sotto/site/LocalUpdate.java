package dev.sotto.site;

import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.RoundMetrics;
import dev.sotto.secagg.RoundId;
import java.util.List;

/** What a site computes from its own data in a round. Called on the site's thread; it may take minutes. */
@FunctionalInterface
public interface LocalUpdate {
    /**
     * Computes the update.
     *
     * @param terms the round's terms
     * @return the update; its delta has as many entries as the layout of the model
     */
    TrainedUpdate train(RoundTerms terms);

    /**
     * What a round asks for.
     *
     * @param round the round
     * @param model the model to start from, checked against its announced hash
     */
    record RoundTerms(RoundId round, Checkpoint model) {}

    /**
     * What came out. Counts and losses leave the site only inside of the sum.
     *
     * @param delta the new parameters minus those of the model
     * @param examples the examples seen: the weight of the update
     * @param meanLoss the mean loss over them, in nats
     * @param evaluated held-out examples that the model was scored on before training
     * @param correct how many of them it got right
     * @param tally its judgements class by class; empty where the task does not tell them or nothing was evaluated
     */
    record TrainedUpdate(float[] delta, int examples, double meanLoss, int evaluated, int correct, List<Double> tally) {
        /** As they travel masked. */
        public RoundMetrics metrics() {
            return new RoundMetrics(examples, meanLoss * examples, evaluated, correct, tally);
        }
    }
}
