package dev.sotto.coordination.protocol;

/** A number that no sealed block has a round for yet. */
public record RoundUnknown() implements RoundState {
    @Override
    public Decision<RoundState> rosterFixed(RoundRoster roster, Moment moment) {
        return Decision.stay(new Provided(roster));
    }
}
