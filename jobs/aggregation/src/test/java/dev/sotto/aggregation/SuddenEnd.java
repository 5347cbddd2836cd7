package dev.sotto.aggregation;

import java.util.Optional;

/** Where this process ends, as in a power cut: no hook runs, nothing is flushed. One a process; thread-safe. */
final class SuddenEnd {
    private static volatile Optional<SuddenEnd> planned = Optional.empty();

    private final ReleaseStep step;
    private final int round;

    private SuddenEnd(ReleaseStep step, int round) {
        this.step = step;
        this.round = round;
    }

    static void plan(ReleaseStep step, int round) {
        planned = Optional.of(new SuddenEnd(step, round));
    }

    /** Whether it is to end here. */
    static boolean due(ReleaseStep step, int round) {
        return planned.filter(end -> end.step == step && end.round == round).isPresent();
    }

    /** Ends the process if this is where. */
    static void at(ReleaseStep step, int round) {
        if (due(step, round)) {
            System.out.println(notice(step, round));
            System.out.flush();
            Runtime.getRuntime().halt(1);
        }
    }

    /** What it prints last. */
    static String notice(ReleaseStep step, int round) {
        return "round %d ends %s".formatted(round, step);
    }
}
