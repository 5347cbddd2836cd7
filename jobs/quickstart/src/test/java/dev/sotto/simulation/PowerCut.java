package dev.sotto.simulation;

/** A server's process dies in the middle of what it does; nothing in it may catch this. */
final class PowerCut extends Error {
    private static final long serialVersionUID = 1L;

    private final transient Simulation.Action end;

    /**
     * Dies.
     *
     * @param end what becomes of the server
     */
    PowerCut(Simulation.Action end) {
        super("the power is cut", null, false, false);
        this.end = end;
    }

    void strike() throws Exception {
        end.run();
    }
}
