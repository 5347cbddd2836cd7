package dev.sotto.coordination.protocol;

import dev.sotto.contracts.avro.Kind;
import java.time.Duration;

/**
 * Keys are there; the round waits for its turn.
 *
 * @param roster the round's part of the bundles
 */
public record Provided(RoundRoster roster) implements RoundState {
    /**
     * How much longer than its deadline coordination waits for aggregation to close a window. Aggregation itself waits 75 s
     * for chunks of signed uploads, after ticks and before checkpoints, and then names the sites whose chunks never came:
     * who gave up before would abort the round and leave them unnamed, round after round.
     */
    static final Duration GRACE = Duration.ofSeconds(150);

    @Override
    public Decision<RoundState> dropped(Moment moment) {
        return Decision.stay(new RoundEnded(null, null));
    }

    @Override
    public Decision<RoundState> open(RoundCommand.Open open, Moment moment) {
        CoordinatedTask task = moment.task();
        int seconds = task.rounds().uploadSeconds();
        return Decision.to(
                new Opening(roster, open.terms()),
                Effect.append(
                        task.id(),
                        Kind.ROUND_OPEN,
                        task.roundOpen(open.terms(), moment.after(seconds), open.rhoSpent(), open.epsilonSpent())),
                new Effect.Later(Duration.ofSeconds(seconds).plus(GRACE), new RoundCommand.UploadDue()));
    }
}
