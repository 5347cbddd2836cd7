package dev.sotto.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How further JVMs are started: with the same Java as this one. Immutable.
 *
 * @param classPath their class path
 * @param options options of the JVM, for example {@code -Xmx256m}
 * @param environment variables beside the ones this process has
 */
public record Jvm(String classPath, List<String> options, Map<String, String> environment) {
    public Jvm {
        options = List.copyOf(options);
        environment = Map.copyOf(environment);
    }

    /** On the class path of this JVM. */
    public static Jvm likeThis(String... options) {
        return new Jvm(System.getProperty("java.class.path"), List.of(options), Map.of());
    }

    /**
     * Starts a JVM. It ends with this one at the latest, unless this one is killed.
     *
     * @param log the file that what it prints is appended to
     * @throws IOException if it cannot be started
     */
    public JvmProcess start(Path log, String mainClass, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, mainClass));
        command.addAll(arguments);
        long from = Files.exists(log) ? Files.size(log) : 0;
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return new JvmProcess(builder.start(), log, from);
    }
}
