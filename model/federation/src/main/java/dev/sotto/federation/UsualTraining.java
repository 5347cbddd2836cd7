package dev.sotto.federation;

/**
 * Equal to what a task trains with where it says nothing. Jackson leaves such values out of the canonical form: a task's
 * hash is then the same as before it could say more.
 */
final class UsualTraining {
    private static final Double WEIGHT_DECAY = 0.01;

    @Override
    public boolean equals(Object value) {
        return value == LearningRateDecay.NONE || WEIGHT_DECAY.equals(value);
    }

    @Override
    public int hashCode() {
        return WEIGHT_DECAY.hashCode();
    }
}
