package dev.sotto.simulation;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Milliseconds that pass when the schedule says so. One clock may run ahead of or behind another. Not thread-safe. */
final class VirtualClock extends Clock {
    /** Where time begins: any moment long after 1970 will do. */
    static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    private final VirtualClock base;
    private final long skew;
    private long now = START;

    VirtualClock() {
        this.base = this;
        this.skew = 0;
    }

    private VirtualClock(VirtualClock base, long skew) {
        this.base = base;
        this.skew = skew;
    }

    /** The same clock, always off by so many milliseconds. */
    VirtualClock skewed(long millis) {
        return new VirtualClock(base, millis);
    }

    void advanceTo(long time) {
        now = Math.max(now, time);
    }

    @Override
    public long millis() {
        return base.now + skew;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
