package dev.sotto.quickstart.model;

import dev.sotto.connect.flink.FlinkModelStore;
import dev.sotto.connect.flink.StoredVersion;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ManifestSignature;
import dev.sotto.federation.NamedTensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code model show}: a model in full. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ModelCommand.COULD_NOT_RUN,
        description = {
            "Shows a model: its manifest as it lies in the store, what was spent, who signed, and its tensors with their shapes.",
            "The weights are checked against the manifest; the signature is for 'model verify'."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:shown", "1:could not run", "2:the model is damaged"})
final class ModelShowCommand implements Callable<Integer> {
    @Mixin
    StoreOptions options = new StoreOptions();

    @Parameters(index = "0", paramLabel = "VERSION", description = "The version.")
    int version;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        StoredVersion stored = options.version(version);
        PrintWriter out = spec.commandLine().getOut();
        try {
            Checkpoint model = FlinkModelStore.read(stored.location());
            // Reading all tensors shows that the file has each of them, of this type and shape.
            int parameters = model.vector().length;
            List<NamedTensor> tensors = model.manifest().toLayout().tensors();
            out.print(new String(model.manifestFile(), StandardCharsets.UTF_8));
            out.println("location  " + stored.location());
            out.println("epsilon   " + Words.spent(model.manifest()));
            out.println("signature "
                    + model.signature()
                            .map(ManifestSignature::signer)
                            .map("by %s, not checked here"::formatted)
                            .orElse("none"));
            out.println("tensors   %d, %d parameters in float32, %s"
                    .formatted(tensors.size(), parameters, Words.size(stored.bytes())));
            tensors.forEach(tensor -> out.println("  %s %s".formatted(tensor.name(), tensor.shape())));
        } catch (IOException e) {
            spec.commandLine().getErr().println("sotto: version %d is damaged: %s".formatted(version, e.getMessage()));
            return ModelCommand.BROKEN;
        } finally {
            out.flush();
        }
        return ModelCommand.HOLDS;
    }
}
