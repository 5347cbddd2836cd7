package dev.sotto.aggregation.process;

import dev.sotto.aggregation.AggregationMain;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

/**
 * The job as a user hands it in, and a cluster that has everything else in {@code lib/}: the image's division.
 *
 * @param jar this module's classes alone
 * @param clusterClassPath what they need, without them and without tests
 */
record JobJar(Path jar, String clusterClassPath) {
    /** The module's jar, made in a directory if the tests run on its classes. */
    static JobJar in(Path directory) throws IOException {
        Path job = codeOf(AggregationMain.class);
        Path tests = codeOf(JobJar.class);
        String rest = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("-tests.jar"))
                .map(entry -> Path.of(entry).toAbsolutePath())
                .filter(entry -> !entry.equals(job) && !entry.equals(tests))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        return new JobJar(Files.isDirectory(job) ? packed(job, directory.resolve("sotto-aggregation.jar")) : job, rest);
    }

    private static Path codeOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toAbsolutePath();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("where " + type + " lies is no path", e);
        }
    }

    private static Path packed(Path classes, Path jar) throws IOException {
        ToolProvider tool = ToolProvider.findFirst("jar")
                .orElseThrow(() -> new IllegalStateException("this Java has no jar tool; run the tests on a JDK"));
        PrintWriter err = new PrintWriter(System.err, true);
        if (tool.run(err, err, "--create", "--file", jar.toString(), "-C", classes.toString(), ".") != 0) {
            throw new IOException("cannot pack " + classes);
        }
        return jar;
    }
}
