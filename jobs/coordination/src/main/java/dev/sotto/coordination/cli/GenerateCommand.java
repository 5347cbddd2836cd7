package dev.sotto.coordination.cli;

import dev.sotto.federation.IdentityFile;
import dev.sotto.secagg.IdentityKeyPair;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code keys generate}: draws an identity. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = {
            "Draws an Ed25519 identity, writes its private key to a new file that its owner alone may read,",
            "and prints the public key as it goes into trust files."
        })
public final class GenerateCommand implements Callable<Integer> {
    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "The file to write: base64 of PKCS#8. It must not exist.")
    Path out = Path.of("");

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        IdentityKeyPair identity = IdentityKeyPair.generate(new SecureRandom());
        try {
            IdentityFile.create(out, identity);
        } catch (FileAlreadyExistsException e) {
            throw new ParameterException(
                    spec.commandLine(), out + " exists; a key is never overwritten: choose another --out", e);
        }
        spec.commandLine().getOut().println(identity.publicKey().toBase64());
        spec.commandLine().getOut().flush();
        return 0;
    }
}
