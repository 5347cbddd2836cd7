package dev.sotto.quickstart;

import dev.sotto.bert.BaseModel;
import dev.sotto.bert.OfflineEngine;
import dev.sotto.bert.Scorer;
import dev.sotto.bert.Variant;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.LocalModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name a model to score with. */
final class ModelOption {
    @Option(
            names = "--model",
            paramLabel = "DIR",
            description =
                    "A model version's directory, or one that holds versions of a task, of which the newest is taken (default: the model in this build).")
    private @Nullable Path directory;

    @Option(
            names = "--variant",
            paramLabel = "V",
            description = "The arithmetic: FP32, BF16 or INT8 (default: ${DEFAULT-VALUE}).")
    private Variant variant = Variant.FP32;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of PyTorch (default: ${DEFAULT-VALUE}).")
    private int threads = 1;

    /**
     * Reads the model; its weights are held against its manifest.
     *
     * @throws ConfigurationException if there is none, or it is damaged
     */
    Checkpoint read() {
        Path given = directory;
        if (given == null) {
            return ShippedModel.read();
        }
        try {
            Path version = Files.exists(given.resolve(Checkpoint.MANIFEST)) ? given : newest(given);
            return new LocalModelStore(version).read(version.toAbsolutePath().toUri());
        } catch (IOException e) {
            throw new ConfigurationException("--model %s cannot be read: %s".formatted(given, e.getMessage()), e);
        }
    }

    private static Path newest(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> Files.exists(entry.resolve(Checkpoint.MANIFEST)))
                    .max(Comparator.comparing(entry -> entry.getFileName().toString()))
                    .orElseThrow(() -> new ConfigurationException(
                            "--model %s holds neither %s nor directories with one; name a version's directory or a task's in a store"
                                    .formatted(directory, Checkpoint.MANIFEST)));
        }
    }

    /** Compiles a model; the caller closes it. */
    Scorer compile(Checkpoint model) throws IOException {
        OfflineEngine.start(threads);
        return Scorer.compile(
                BaseModel.load(model.manifest().base()), model.manifest().toDesign(), model.vector(), variant);
    }
}
