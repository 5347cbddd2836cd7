package dev.sotto.quickstart;

import java.nio.file.Path;
import java.util.List;

/** Where this copy of Sotto lies, as the launcher says, and how it starts a further JVM. */
final class Installation {
    private Installation() {}

    /** The root of the checkout or installation: {@code sotto.home}, or the working directory. */
    static Path home() {
        return Path.of(System.getProperty("sotto.home", "")).toAbsolutePath();
    }

    /** The java command with the options that Flink, Kafka and DJL need. */
    static List<String> java() {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return List.of(java.toString(), "@" + home().resolve("jvm.options"));
    }

    /** The class path this JVM runs on. */
    static String classPath() {
        return System.getProperty("java.class.path");
    }
}
