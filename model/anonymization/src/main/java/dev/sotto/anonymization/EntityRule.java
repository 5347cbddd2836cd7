package dev.sotto.anonymization;

/**
 * What a policy says about one type.
 *
 * @param operator what happens to it
 * @param threshold the lowest score, context included, that counts, in [0, 1]
 */
public record EntityRule(Operator operator, double threshold) {
    public EntityRule {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new PolicyException("threshold is %s but must be in [0, 1]".formatted(threshold));
        }
    }
}
