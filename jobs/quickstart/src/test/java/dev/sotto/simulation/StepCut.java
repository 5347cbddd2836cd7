package dev.sotto.simulation;

import dev.sotto.contracts.Topics;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Cuts the power of a server at one of the steps from the first charge to the first commit of a ledger. Not thread-safe. */
final class StepCut implements Simulation.Steps {
    /** The number of no step. */
    static final int NEVER = -1;

    private final Broker broker;
    private final int number;
    private final List<String> steps = new ArrayList<>();
    private final Set<String> noised = new LinkedHashSet<>();
    private final Set<String> stored = new LinkedHashSet<>();
    private boolean charged;
    private boolean struck;

    /**
     * Plans a cut.
     *
     * @param number of the step, from 0
     */
    StepCut(Broker broker, int number) {
        this.broker = broker;
        this.number = number;
    }

    @Override
    public boolean diesAt(String server, String step) {
        if (step.startsWith("has noised")) {
            noised.add(step);
        } else if (step.startsWith("has stored")) {
            stored.add(step);
        }
        charged |= step.equals("has written to " + Topics.LEDGER.name());
        if (struck || !charged || broker.committed(Topics.LEDGER).size() > 1) {
            return false;
        }
        steps.add(server + " " + step);
        struck = steps.size() == number + 1;
        return struck;
    }

    /** The steps up to the cut. */
    List<String> steps() {
        return List.copyOf(steps);
    }

    /** Whether the power was cut. */
    boolean struck() {
        return struck;
    }

    /** What was given for which exact sums, over all lives of the servers. */
    Set<String> noised() {
        return Set.copyOf(noised);
    }

    /** Which models were stored where. */
    Set<String> stored() {
        return Set.copyOf(stored);
    }
}
