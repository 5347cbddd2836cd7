package dev.sotto.simulation;

/**
 * How badly the machines behave, by chance of the seed; from a moment on they behave.
 *
 * @param until virtual time at which faults stop
 * @param kill chance that a site dies at a point where it writes or sends
 * @param commit chance that a transaction is lost, slow, or not acknowledged
 * @param crashEvery mean milliseconds between crashes of a server; 0 for none
 * @param slow the most milliseconds a delivery takes on a bad path
 */
record Faults(long until, double kill, double commit, long crashEvery, long slow) {
    static Faults draw(Simulation simulation) {
        var random = simulation.random();
        long until = simulation.now() + 30_000 + random.nextInt(200_000);
        double kill = new double[] {0, 0.004, 0.012, 0.03}[random.nextInt(4)];
        double commit = new double[] {0, 0.05, 0.15, 0.3}[random.nextInt(4)];
        long crashEvery = new long[] {0, 60_000, 25_000, 10_000}[random.nextInt(4)];
        long slow = new long[] {100, 1_000, 5_000, 20_000}[random.nextInt(4)];
        return new Faults(until, kill, commit, crashEvery, slow);
    }

    static Faults none() {
        return new Faults(0, 0, 0, 0, 20);
    }

    boolean on(Simulation simulation) {
        return simulation.now() < until;
    }

    boolean kills(Simulation simulation) {
        return on(simulation) && kill > 0 && simulation.chance(kill);
    }

    /** How long something takes on its way. */
    long latency(Simulation simulation) {
        return on(simulation) && simulation.chance(0.2) ? simulation.between(1, slow) : simulation.between(1, 20);
    }
}
