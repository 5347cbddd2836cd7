package dev.sotto.aggregation;

/** Event times in milliseconds, of which the last one is the end of all input. */
final class EventTime {
    private EventTime() {}

    /** So much later, and never after the end. */
    static long after(long time, long millis) {
        return time > Long.MAX_VALUE - millis ? Long.MAX_VALUE : time + millis;
    }
}
