package dev.sotto.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.sotto.federation.ConfigurationException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that keeps a report: {@code report.md}, {@code report.json} and {@code report.png} in a directory. */
final class ReportFiles {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "Also writes report.md, report.json and report.png, a plot, into this directory.")
    private @Nullable Path directory;

    /**
     * Writes the three, if asked for; those of before are written over.
     *
     * @throws ConfigurationException if the directory cannot be written to
     */
    void write(String markdown, Map<String, Object> tree, BufferedImage plot) {
        if (directory == null) {
            return;
        }
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("report.md"), markdown);
            Files.writeString(directory.resolve("report.json"), JSON.writeValueAsString(tree) + "\n");
            SharePlot.write(plot, directory.resolve("report.png"));
        } catch (IOException e) {
            throw new ConfigurationException(
                    "--report is %s but must be a directory that can be written to: %s".formatted(directory, e), e);
        }
    }
}
