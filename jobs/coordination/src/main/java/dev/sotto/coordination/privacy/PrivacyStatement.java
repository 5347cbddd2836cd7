package dev.sotto.coordination.privacy;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A whole (epsilon, delta) statement: nothing that it needs in order to mean something is left out.
 *
 * @param unit whose participation is hidden
 * @param epsilon at least 0
 * @param delta in [0, 1]
 * @param mechanism the mechanism with its parameters, and how many releases of it
 */
record PrivacyStatement(PrivacyUnit unit, double epsilon, double delta, String mechanism) {
    /** The neighbour relation. */
    String neighbours() {
        return "add or remove one " + unit;
    }

    /** The statement as a sentence. */
    String sentence() {
        return "(epsilon %s, delta %s)-DP for the unit %s (neighbours: %s) by %s"
                .formatted(Figures.atMost(epsilon), Figures.atMost(delta), unit, neighbours(), mechanism);
    }

    /** Writes the parts into an object. */
    void into(ObjectNode node) {
        node.put("unit", unit.toString())
                .put("neighbours", neighbours())
                .put("epsilon", epsilon)
                .put("delta", delta)
                .put("mechanism", mechanism);
    }
}
