package dev.sotto.aggregation;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How fast a run reads: from the moment at which a quarter of the bytes was read, when what starts slowly has started, to its
 * end. Thread-safe.
 */
final class Speed {
    private final long total;
    private final long skipped;
    private long read;
    private long began;
    private long atSkipped;
    private long skippedExactly;
    private long cpuAtSkipped;
    private long ended;
    private long cpuEnded;

    Speed(long total) {
        this.total = total;
        this.skipped = total / 4;
    }

    /** Reading begins; what is called first counts. */
    synchronized void begin() {
        began = began == 0 ? System.nanoTime() : began;
    }

    synchronized boolean hasBegun() {
        return began != 0;
    }

    /** So many bytes more were read. */
    synchronized void read(long bytes) {
        read += bytes;
        if (atSkipped == 0 && read >= skipped) {
            atSkipped = System.nanoTime();
            skippedExactly = read;
            cpuAtSkipped = cpu();
        }
    }

    synchronized boolean readAll() {
        return read >= total;
    }

    /** The work is done; what is called first counts. */
    synchronized void end() {
        if (ended == 0) {
            ended = System.nanoTime();
            cpuEnded = cpu();
        }
    }

    /** From the beginning to the end. */
    synchronized double seconds() {
        return (ended - began) / 1e9;
    }

    /** Of this process, in nanoseconds. */
    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** Seconds of processor time that this process spent on 10^9 bytes; unlike wall time not for others' work. */
    synchronized double cpuSecondsPerGigabyte() {
        return (double) (cpuEnded - cpuAtSkipped) / (total - skippedExactly);
    }

    /** MB, of 10^6 bytes, a second. */
    synchronized double megabytesPerSecond() {
        return (total - skippedExactly) * 1e3 / (ended - atSkipped);
    }
}
