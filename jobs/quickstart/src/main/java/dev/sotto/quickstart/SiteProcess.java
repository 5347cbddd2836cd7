package dev.sotto.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** A site in its own JVM, as an institution would run it: its standard output is followed, its log goes to a file. */
final class SiteProcess implements AutoCloseable {
    private final QuickstartSite site;
    private final Process process;

    private SiteProcess(QuickstartSite site, Process process) {
        this.site = site;
        this.process = process;
    }

    /**
     * Starts a site.
     *
     * @param lines takes every line the site prints, on a thread of its own
     */
    static SiteProcess start(QuickstartSite site, Path config, Path log, BiConsumer<SiteProcess, String> lines)
            throws IOException {
        List<String> command = new ArrayList<>(Installation.java());
        command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", Installation.classPath(), "dev.sotto.site.SiteMain"));
        command.addAll(List.of("join", "--config", config.toString(), "--progress", "plain"));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        SiteProcess started = new SiteProcess(site, process);
        Thread reader = new Thread(() -> started.follow(log, lines), "site-" + site.id());
        reader.setDaemon(true);
        reader.start();
        return started;
    }

    private void follow(Path log, BiConsumer<SiteProcess, String> lines) {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                lines.accept(this, line);
            }
        } catch (IOException e) {
            // The process was killed and its pipe closed under the reader.
            lines.accept(this, "ended");
        }
    }

    QuickstartSite site() {
        return site;
    }

    /** Kills it as a power cut would: SIGKILL, no hook runs. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
