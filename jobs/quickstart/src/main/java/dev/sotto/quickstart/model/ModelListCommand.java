package dev.sotto.quickstart.model;

import dev.sotto.connect.flink.FlinkModelStore;
import dev.sotto.connect.flink.StoredVersion;
import dev.sotto.federation.ModelManifest;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code model list}: a task's models, a line each. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ModelCommand.COULD_NOT_RUN,
        description = {
            "Lists a task's models as their manifests describe them, the oldest first.",
            "Hashes of weights are checked; the line of parents and signatures are for 'model verify'.",
            "The time is the file system's: manifests carry no clock."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:listed", "1:could not run", "2:a model is damaged; its line says how"})
final class ModelListCommand implements Callable<Integer> {
    private static final String ROW = "%-7s %-5s %-20s %-12s %-12s %-5s %-9s %s%n";

    @Mixin
    StoreOptions options = new StoreOptions();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        List<StoredVersion> versions = options.versions();
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, ROW, "version", "round", "stored", "sha256", "parent", "sites", "size", "epsilon");
        int code = ModelCommand.HOLDS;
        for (StoredVersion stored : versions) {
            try {
                print(stored, FlinkModelStore.read(stored.location()).manifest(), out);
            } catch (IOException e) {
                out.println("%-7d DAMAGED: %s".formatted(stored.version(), e.getMessage()));
                code = ModelCommand.BROKEN;
            }
        }
        out.flush();
        return code;
    }

    private static void print(StoredVersion stored, ModelManifest manifest, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                ROW,
                stored.version(),
                manifest.round(),
                stored.stored().truncatedTo(ChronoUnit.SECONDS),
                Words.hash(manifest.sha256()),
                Words.hash(manifest.parent()),
                manifest.survivors(),
                Words.size(stored.bytes()),
                Words.spent(manifest));
    }
}
