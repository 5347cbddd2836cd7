package dev.sotto.broker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** A JVM started by {@link Jvm}, and its sudden end. Thread-safe. */
public final class JvmProcess implements AutoCloseable {
    /** What can be awaited. */
    @FunctionalInterface
    public interface Condition {
        /** Whether it holds now. */
        boolean holds() throws IOException, InterruptedException;
    }

    private static final long POLL_MILLIS = 100;
    private static final int TAIL = 4000;

    private final Process process;
    private final Path log;
    private final long from;
    private final Thread reaper;

    JvmProcess(Process process, Path log, long from) {
        this.process = process;
        this.log = log;
        this.from = from;
        this.reaper = new Thread(process::destroyForcibly, "reaper-" + process.pid());
        Runtime.getRuntime().addShutdownHook(reaper);
    }

    /**
     * Waits until something holds that this process brings about, looking ten times a second.
     *
     * @param what is awaited, for the message
     * @throws IOException if it ends or the time runs out first; the message has the end of its log
     */
    public void await(String what, Condition condition, Duration limit) throws IOException, InterruptedException {
        for (long polls = limit.toMillis() / POLL_MILLIS; polls > 0; polls--) {
            boolean ended = process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
            if (condition.holds()) {
                return;
            }
            if (ended) {
                throw new IOException(
                        "process %d ended with %d before %s:%n%s".formatted(pid(), process.exitValue(), what, tail()));
            }
        }
        throw new IOException(
                "not within %d s from process %d: %s%n%s".formatted(limit.toSeconds(), pid(), what, tail()));
    }

    /** Waits as {@link #await} does until it has printed a text. */
    public void awaitPrinted(String text, Duration limit) throws IOException, InterruptedException {
        await("it printed '%s'".formatted(text), () -> printed().contains(text), limit);
    }

    /**
     * Waits until it has ended by itself, well.
     *
     * @throws IOException if it fails or the time runs out first; the message has the end of its log
     */
    public void awaitSuccess(Duration limit) throws IOException, InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException(
                    "process %d did not end within %d s:%n%s".formatted(pid(), limit.toSeconds(), tail()));
        }
        if (process.exitValue() != 0) {
            throw new IOException("process %d ended with %d:%n%s".formatted(pid(), process.exitValue(), tail()));
        }
    }

    /** What it has printed so far. */
    public String printed() throws IOException {
        byte[] all = Files.readAllBytes(log);
        return new String(Arrays.copyOfRange(all, (int) from, all.length), StandardCharsets.UTF_8);
    }

    private String tail() throws IOException {
        String text = printed();
        return text.substring(Math.max(0, text.length() - TAIL));
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether it runs. */
    public boolean alive() {
        return process.isAlive();
    }

    /** Ends it as a power cut would: SIGKILL, no hook runs, nothing is flushed. Returns when it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        forget();
    }

    private void forget() {
        try {
            Runtime.getRuntime().removeShutdownHook(reaper);
        } catch (IllegalStateException e) {
            // This JVM is ending, and the reaper is at work already.
            process.destroyForcibly();
        }
    }

    /** As {@link #kill}: whoever closes it has no more use for it. */
    @Override
    public void close() {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
