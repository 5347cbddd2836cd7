package dev.sotto.site;

/** How long a site waits before it tries something again. */
@FunctionalInterface
interface Backoff {
    /** Half a second, doubling up to eight. */
    Backoff DOUBLING = failures -> Thread.sleep(500L << Math.min(failures - 1, 4));

    /**
     * Waits.
     *
     * @param failures the number of attempts that have failed, from 1
     */
    void after(int failures) throws InterruptedException;
}
