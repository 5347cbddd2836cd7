package dev.sotto.coordination.protocol;

import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;

/**
 * The transcript has a record that the receiver asked for.
 *
 * @param kind the record's kind
 * @param position its number and its hash: what a reader holds after reading it
 */
public record Written(Kind kind, TranscriptPosition position) implements BlockCommand, RoundCommand {
    @Override
    public Decision<BlockState> applyTo(BlockState state, Moment moment) {
        return state.written(this, moment);
    }

    @Override
    public Decision<RoundState> applyTo(RoundState state, Moment moment) {
        return state.written(this, moment);
    }
}
