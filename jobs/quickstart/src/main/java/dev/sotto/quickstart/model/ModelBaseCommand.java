package dev.sotto.quickstart.model;

import dev.sotto.bert.BaseModel;
import dev.sotto.federation.BaseSpec;
import dev.sotto.federation.ConfigurationException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code model base}: what a task file says of a base model. */
@Command(
        name = "base",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ModelCommand.COULD_NOT_RUN,
        description = {
            "Reads a base model and prints the line of a task file that asks for exactly this one: its shape, and the SHA-256 of",
            "its weights and of its configuration and tokenizer."
        })
final class ModelBaseCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "BASE",
            description =
                    "A name that a task may give: of a base model in this build, of a directory under SOTTO_BASES, or the absolute path of one.")
    String name = "";

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        try {
            BaseSpec base = BaseModel.load(name).spec();
            spec.commandLine()
                    .getOut()
                    .println("base: {name: %s, layers: %d, hidden: %d, sha256: %s, setupSha256: %s}"
                            .formatted(base.name(), base.layers(), base.hidden(), base.sha256(), base.setupSha256()));
            spec.commandLine().getOut().flush();
            return ModelCommand.HOLDS;
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException("the base model cannot be read: " + e.getMessage(), e);
        }
    }
}
