package dev.sotto.bert;

import dev.sotto.federation.ParameterLayout;

/** What a flat vector of parameters must be before it reaches native code. */
final class Parameters {
    private Parameters() {}

    /**
     * Accepts a vector of the layout's size, of finite numbers.
     *
     * @throws IllegalArgumentException naming the entry or the sizes otherwise
     */
    static void requireUsable(ParameterLayout layout, float[] parameters) {
        if (parameters.length != layout.size()) {
            throw new IllegalArgumentException(
                    "the layout has %d parameters, got %d".formatted(layout.size(), parameters.length));
        }
        for (int i = 0; i < layout.size(); i++) {
            if (!Float.isFinite(parameters[i])) {
                throw new IllegalArgumentException("parameter %d is %s but must be finite".formatted(i, parameters[i]));
            }
        }
    }

    /** @throws IllegalArgumentException if the numbers differ */
    static void requireFits(String what, int given, String those, int needed) {
        if (given != needed) {
            throw new IllegalArgumentException("%d %s for %d %s".formatted(given, what, needed, those));
        }
    }
}
