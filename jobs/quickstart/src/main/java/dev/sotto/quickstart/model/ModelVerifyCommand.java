package dev.sotto.quickstart.model;

import dev.sotto.connect.flink.StoredVersion;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.ModelManifest;
import dev.sotto.federation.Trust;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code model verify}: whether a line of models holds. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ModelCommand.COULD_NOT_RUN,
        description = {
            "Verifies models from version 0 on, a line each: weights against the manifest's sha256, every parent's version and",
            "hash, rounds that rise, tensors, and with --trust the publisher's signature. Ends at the first broken link."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the line holds", "1:could not run", "2:it is broken; the place is named"})
final class ModelVerifyCommand implements Callable<Integer> {
    @Mixin
    StoreOptions options = new StoreOptions();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "VERSION",
            description = "The version whose line to verify, back to version 0 (default: the newest).")
    @Nullable
    Integer version;

    @Option(names = "--all", description = "Verify every model of the store; the same as no VERSION.")
    boolean all;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description =
                    "The trust file, with the keys of aggregation and operator. Without it signatures are not checked.")
    @Nullable
    Path trust;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Integer until = version;
        if (all && until != null) {
            throw new ConfigurationException("VERSION is %d and --all is given; leave one out".formatted(until));
        }
        Trust trusted = trust == null ? null : Trust.read(trust);
        List<StoredVersion> versions = options.versions();
        int last = until == null
                ? versions.get(versions.size() - 1).version()
                : options.version(until).version();
        PrintWriter out = spec.commandLine().getOut();
        VerifiedLine line = VerifiedLine.of(options.task(), versions, last, trusted, manifest -> print(manifest, out));
        if (line.broken() != null) {
            out.println("BROKEN at " + line.broken() + ". Nothing from there on is believed.");
            out.flush();
            return ModelCommand.BROKEN;
        }
        out.println("HOLDS: %d models, every hash and parent verified, %s"
                .formatted(line.models(), trusted == null ? "signatures not checked" : "every signature too"));
        out.flush();
        return ModelCommand.HOLDS;
    }

    private static void print(ModelManifest manifest, PrintWriter out) {
        out.println("version %d  round %d  sha256 %s  parent %s  holds"
                .formatted(
                        manifest.version(),
                        manifest.round(),
                        Words.hash(manifest.sha256()),
                        Words.hash(manifest.parent())));
    }
}
