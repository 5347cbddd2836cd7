package dev.sotto.simulation;

/** An invariant does not hold. An error, so that nothing on its way up takes it for a refusal. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    private final transient Invariant invariant;

    Violation(Invariant invariant, String detail) {
        super(invariant.name() + ": " + detail);
        this.invariant = invariant;
    }

    Invariant invariant() {
        return invariant;
    }
}
