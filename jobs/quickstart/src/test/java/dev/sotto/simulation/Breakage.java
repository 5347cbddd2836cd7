package dev.sotto.simulation;

import dev.sotto.secagg.SiteId;
import dev.sotto.simulation.stream.StreamJob;
import java.util.List;
import java.util.Optional;

/** A component that is broken on purpose, so that an invariant has something to catch. By default nothing is. */
class Breakage {
    /** Nothing is broken. */
    static final Breakage NONE = new Breakage();

    /** What a schedule is about, instead of what its seed says. */
    Settings settings(Settings drawn) {
        return drawn;
    }

    /** What goes wrong, instead of what the seed says. */
    Faults faults(Faults drawn) {
        return drawn;
    }

    /** What a site's state directory keeps of what is written to it. */
    Optional<byte[]> written(SiteId site, String name, byte[] bytes) {
        return Optional.of(bytes);
    }

    /** Whether a site starts with an empty state directory. */
    boolean forgets(SiteId site) {
        return false;
    }

    /** Whether the broker believes what producers say about the time. */
    boolean believesProducers() {
        return false;
    }

    /** Whether coordination ticks. */
    boolean ticks() {
        return true;
    }

    /** What arrives of the records that one operator of the aggregation job hands to another. */
    StreamJob.Meddler stream() {
        return (from, to, value) -> List.of(value);
    }

    /** How much virtual time there is once faults have stopped. */
    long bound() {
        return 3 * 3_600_000;
    }

    /** What coordination's functions keep. */
    FunctionRuntime.Meddler functions() {
        return new FunctionRuntime.Meddler() {};
    }
}
