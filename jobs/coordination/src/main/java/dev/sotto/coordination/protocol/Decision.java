package dev.sotto.coordination.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * The state that follows and what is to be done.
 *
 * @param next the state to keep
 * @param effects in the order in which they are to happen
 */
public record Decision<S>(S next, List<Effect> effects) {
    public Decision {
        effects = List.copyOf(effects);
    }

    /** Nothing happens. */
    public static <S> Decision<S> stay(S state) {
        return new Decision<>(state, List.of());
    }

    /** A state and its effects. */
    public static <S> Decision<S> to(S next, Effect... effects) {
        return new Decision<>(next, List.of(effects));
    }

    /** The same, but something else is done first. */
    public Decision<S> after(List<Effect> first) {
        List<Effect> all = new ArrayList<>(first);
        all.addAll(effects);
        return new Decision<>(next, all);
    }

    /** The same, but something else is done first. */
    public Decision<S> after(Effect first) {
        return after(List.of(first));
    }
}
